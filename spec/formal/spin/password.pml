/*
 * Opening an account by password when the service chooses which head, wrap and vault to show.
 *
 * Specification: "Password wrap and login key", "OwnerVault", "Owner's device". Properties: P4 (only up), P8 (the price of a guess).
 * Bounds: 1 account, 1 device, 3 wraps and the vaults that go with them, 3 invented heads; the person types the newest password or an old one.
 *
 *   wrap  counter  epoch  password  what happened
 *     0      1       1       old     account made
 *     1      2       1       new     password changed: the MasterKey stays
 *     2      3       2       new     rotation: another MasterKey
 *
 * Vault i names wrap i and AccountState i as the newest. The device may open at any of these times and remembers what it
 * opened; with FRESH it remembers nothing. Invented heads: 3 has iterations below 600,000; 4 has the counter of the newest wrap
 * that the device knows and a salt of the service's; 5 has a higher counter, and iterations and salt of the service's.
 * Wrap 6 is wrap 0 with the counter raised to 9. What a stolen password gives is in the Maude model.
 *
 * Weaken one rule with -D:
 *   NO_COUNTER_CHECK     a device with a memory takes a lower wrap counter
 *   NO_EPOCH_CHECK       and a lower epoch (nothing breaks as long as counters are compared: the check is a second one)
 *   NO_ITERATION_BOUND   no lower bound on iterations
 *   NO_SALT_PIN          the salt is not compared
 *   NO_HEAD_CONTEXT      the head is not in the derivation of the wrapping key
 *   NO_VAULT_CHECK       the wrap is not held against the vault's wrap_counter
 *   NO_VAULT_EPOCH_CHECK the vault's epoch is not held against that of the MasterKey (its key is another: nothing breaks)
 * Settings: FRESH (a device with no memory: a stated limit).
 */
#define NONE 9
#define COUNTER(w) (w <= 2 -> w + 1 : (w == 4 -> pinCounter : 9))
#define EPOCH(w) (w == 2 || w >= 5 -> 2 : (w == 3 || w == 4 -> pinEpoch : 1))
#define OLD_PASSWORD(w) (w == 0 || w == 6)

byte written                    /* newest wrap that the owner wrote */
byte pinCounter, pinEpoch       /* what the device remembers: 0 is nothing */

/* Ghosts. */
byte top
bool rolledBack, mixed, allOld, cheap, ownSalt, newHead, honestEnd
bool oldTried, lowTried, saltTried, raisedTried, mixTried

#if defined(FRESH)
#define PIN_COUNTER_OK true
#define PIN_EPOCH_OK true
#define SALT_OK true
#else
#ifdef NO_COUNTER_CHECK
#define PIN_COUNTER_OK true
#else
#define PIN_COUNTER_OK (COUNTER(w) >= pinCounter)
#endif
#ifdef NO_EPOCH_CHECK
#define PIN_EPOCH_OK true
#else
#define PIN_EPOCH_OK (EPOCH(w) >= pinEpoch)
#endif
#ifdef NO_SALT_PIN
#define SALT_OK true
#else
#define SALT_OK (w != 4)
#endif
#endif
#ifdef NO_ITERATION_BOUND
#define ITERATIONS_OK true
#else
#define ITERATIONS_OK (w != 3)
#endif
#ifdef NO_HEAD_CONTEXT
#define UNWRAPS(w) (w <= 2 || w == 6)
#else
#define UNWRAPS(w) (w <= 2)
#endif
#define REAL(w) (w == 6 -> 0 : w)
#define REAL_EPOCH(w) (w == 2 -> 2 : 1)
#ifdef NO_VAULT_CHECK
#define VAULT_OK true
#else
#define VAULT_OK (COUNTER(w) >= v + 1)
#endif
#ifdef NO_VAULT_EPOCH_CHECK
#define VAULT_EPOCH_OK true
#else
#define VAULT_EPOCH_OK (REAL_EPOCH(w) == REAL_EPOCH(v))
#endif
#define VAULT_OPENS (REAL_EPOCH(w) == REAL_EPOCH(v))   /* sealed under the MasterKey of its epoch */

active proctype Owner() {
  written = 1
  written = 2
}

active proctype Device() {
  byte w, v
  bool old
  do
  :: atomic {
      select(w : 0 .. 6)
      select(v : 0 .. 2)
      if :: old = true :: old = false fi
      if
      :: (w <= 2 && w > written) || v > written || (w == 4 && pinCounter == 0) -> skip   /* not there yet */
      :: else ->
        if :: w == 0 && pinCounter > 1 -> oldTried = true :: else fi
        if :: w == 3 -> lowTried = true :: else fi
        if :: w == 4 -> saltTried = true :: else fi
        if :: w == 6 -> raisedTried = true :: else fi
        if :: w == 0 && v == 1 -> mixTried = true :: else fi
        if
        :: PIN_COUNTER_OK && PIN_EPOCH_OK && SALT_OK && ITERATIONS_OK ->
          /* The login key for this head goes to the service. */
          if :: w == 3 -> cheap = true :: else fi
          if :: w == 4 -> ownSalt = true :: else fi
          if :: w == 5 -> newHead = true :: else fi
          if
          :: UNWRAPS(w) && old == OLD_PASSWORD(w) && VAULT_OPENS && VAULT_EPOCH_OK && VAULT_OK ->
            if :: REAL(w) + 1 < top -> rolledBack = true :: else -> top = REAL(w) + 1 fi
            if :: v > REAL(w) -> mixed = true :: else fi
            if :: REAL(w) < written && v < written -> allOld = true :: else fi
            if :: w == written && v == written -> honestEnd = true :: else fi
#ifndef FRESH
            pinCounter = COUNTER(w)
            pinEpoch = EPOCH(w)
#else
            top = 0
#endif
          :: else
          fi
        :: else
        fi
      fi
      w = 0; v = 0; old = false
    }
  od
}

ltl no_rollback { [] !rolledBack }     /* P4: a device never opens an older wrap than it has opened */
ltl no_mix { [] !mixed }               /* R-12.5-1: no old wrap beside a newer vault, on any device */
ltl bounded_price { [] !cheap }        /* P8: no login key under fewer iterations than the bound */
ltl pinned_salt { [] !ownSalt }        /* R-9.3-5 */

/* Limits, true in every setting below. */
ltl limit_new_head { [] !newHead }     /* the service can ask for a login key under a head of its own with a higher counter */

/* A limit of FRESH, and of a device that has not been told: what fits together is taken though it is old. */
ltl limit_all_old { [] !allOld }

ltl reach_honest { [] !honestEnd }
ltl reach_old { [] !oldTried }
ltl reach_low { [] !lowTried }
ltl reach_salt { [] !saltTried }
ltl reach_raised { [] !raisedTried }
ltl reach_mix { [] !mixTried }
