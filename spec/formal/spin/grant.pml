/*
 * Grants delivered out of order, twice, late or forged, to an agent that may restart at any moment.
 *
 * Specification: "Grants", "Account state". Properties: P2 (once, exactly what was granted), P4 (only up, persisted),
 * P1 (the agent is no decryption oracle).
 * Bounds: 1 account, 2 agents, 2 epochs, 4 owner's grants, 1 forged grant; the agent under study is A.
 *
 *   grant  counter  epoch  to   why it is there
 *     0       1       1     A   the first
 *     1       2       1     B   another agent's
 *     2       3       1     A   a second one in the same epoch (say, scoped in place of master)
 *     3       4       2     A   after a rotation
 *     4       9       2     A   forged by the service: any field it likes, but not the account's signature
 *
 * Weaken one rule with -D:
 *   NO_SIGNATURE_CHECK, NO_RECIPIENT_CHECK, NO_EPOCH_CHECK, NO_COUNTER_CHECK   the check is left out
 *   COUNTER_NOT_STRICT   "not lower" instead of "higher"
 *   RSA_FIRST            the RSA key is used before the other checks
 *   NO_PERSIST           what the agent saw is kept in memory only, and a restart forgets it
 *   WRITE_LATE           the counter is written to disk after the keys are in use, and a restart can fall in between
 */
#define FORGED 4
#define COUNTER(g) (g == FORGED -> 9 : g + 1)
#define EPOCH(g) (g >= 3 -> 2 : 1)
#define FOR_A(g) (g != 1)

#ifdef NO_SIGNATURE_CHECK
#define SIGNATURE_OK true
#else
#define SIGNATURE_OK (g != FORGED)
#endif
#ifdef NO_RECIPIENT_CHECK
#define RECIPIENT_OK true
#else
#define RECIPIENT_OK FOR_A(g)
#endif
#ifdef NO_EPOCH_CHECK
#define EPOCH_OK true
#else
#define EPOCH_OK (EPOCH(g) == state)
#endif
#if defined(NO_COUNTER_CHECK)
#define COUNTER_OK true
#elif defined(COUNTER_NOT_STRICT)
#define COUNTER_OK (COUNTER(g) >= seen)
#else
#define COUNTER_OK (COUNTER(g) > seen)
#endif
#define CHECKS_OK (SIGNATURE_OK && RECIPIENT_OK && EPOCH_OK && COUNTER_OK)

byte published            /* the service has the owner's grants 0 .. published - 1 */
byte state = 1            /* epoch of the AccountState that the agent has accepted; the model of states is state.pml */
byte seen, disk           /* highest counter accepted: in memory, on disk */
byte top                  /* ghost: highest counter ever accepted, restart or not */
byte keys                 /* epoch of the keys that the agent works with */

/* Ghosts. */
byte times[5]
bool twice, back, stale, foreign, oracle, honestEnd, replayTried, forgedTried, othersTried, oldEpochTried, restarted

active proctype Owner() {
  published = 3           /* grants 0, 1 and 2 */
  atomic { state = 2; published = 4 }
  /* Rotation: the agent accepts the new state at some moment; that it comes late is in rotation.pml. */
}

active proctype Agent() {
  byte g
  do
  :: atomic {
      if  /* the service delivers what it likes */
      :: published > 0 -> g = 0
      :: published > 0 -> g = 1
      :: published > 0 -> g = 2
      :: published > 3 -> g = 3
      :: g = FORGED
      fi
      if :: times[g] > 0 -> replayTried = true :: else fi
      if :: g == FORGED && EPOCH(g) == state -> forgedTried = true :: else fi
      if :: g == 1 -> othersTried = true :: else fi
      if :: g < 3 && state == 2 && COUNTER(g) > seen -> oldEpochTried = true :: else fi
#ifdef RSA_FIRST
      if :: g == FORGED || !FOR_A(g) || EPOCH(g) != state || COUNTER(g) <= top -> oracle = true :: else fi
#endif
      if
      :: CHECKS_OK ->
        /* RSA: only now; it fails by itself when the ciphertext is another agent's. */
        if :: g == FORGED || !FOR_A(g) || EPOCH(g) != state || COUNTER(g) <= top -> oracle = true :: else fi
        if
        :: FOR_A(g) ->
          if :: COUNTER(g) <= top -> back = true :: else -> top = COUNTER(g) fi
          if :: times[g] == 0 -> times[g] = 1 :: else -> twice = true fi
          if :: g == FORGED -> foreign = true :: else fi
          if :: EPOCH(g) != state -> stale = true :: else fi
          if :: g == 3 && times[0] == 1 -> honestEnd = true :: else fi
          seen = COUNTER(g)
          keys = EPOCH(g)
#ifndef WRITE_LATE
          disk = seen
#endif
        :: else
        fi
      :: else
      fi
      g = 0
    }
#ifdef WRITE_LATE
  :: d_step { disk != seen -> disk = seen }
#endif
  :: d_step { seen > 0 ->   /* restart */
      restarted = true
#ifdef NO_PERSIST
      seen = 0
#else
      seen = disk
#endif
    }
  od
}

ltl once { [] !twice }            /* P2: a grant is accepted once */
ltl only_up { [] !back }          /* P4: counters never go back, restarts included */
ltl current { [] !stale }         /* P4: keys are those of the epoch of the accepted state */
ltl genuine { [] !foreign }       /* P2: only what the owner granted */
ltl no_oracle { [] !oracle }      /* P1: the RSA key touches only a fresh grant by the owner to this agent */

ltl reach_honest { [] !honestEnd }
ltl reach_replay { [] !replayTried }
ltl reach_forged { [] !forgedTried }
ltl reach_others { [] !othersTried }
ltl reach_old_epoch { [] !oldEpochTried }
ltl reach_restart { [] !restarted }
