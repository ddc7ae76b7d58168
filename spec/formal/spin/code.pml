/*
 * The life of one enrolment code: uses, expiry, nonces, and the owner's memory of them in the OwnerVault.
 *
 * Specification: "Enrolment". Properties: P3 (the owner grants only to who knew the code), P2 (once), P4 (only up).
 * Bounds: 1 account, 1 code of 2 uses, 2 honest agents with 1 request each; the code leaks at most once.
 *
 * The code sits in an installer's argument, so it is assumed to leak, but only once it is spent or expired.
 * That a live code stays secret is an assumption, and LEAK_WHILE_LIVE shows that P3 rests on it.
 *
 * Weaken one rule with -D:
 *   NO_USE_LIMIT        a code can be used for ever
 *   NO_EXPIRY           a code never expires
 *   NO_NONCE_CHECK      a nonce is accepted again under the same code
 *   COUNT_BEFORE_MAC    the nonce is recorded and the use counted before the MAC is verified
 *   NO_REQUEST_SIGNATURE  the agent's signature over the request is not verified
 *   NO_VAULT_COUNTER    an owner's end that remembers version n of the vault accepts an older one from the service
 *   LEAK_WHILE_LIVE     the code leaks before it is spent
 *   FRESH_END           the owner's end has no memory (a new browser): a limit, not an attack that a rule stops
 */
#ifdef NO_USE_LIMIT
#define USES_OK true
#else
#define USES_OK (used < 2)
#endif
#ifdef NO_EXPIRY
#define TIME_OK true
#else
#define TIME_OK (!expired)
#endif
#ifdef NO_NONCE_CHECK
#define NONCE_OK true
#else
#define NONCE_OK (!seen[nonce])
#endif
#ifdef NO_REQUEST_SIGNATURE
#define POSSESSION_OK true
#else
#define POSSESSION_OK (signedBy == ed)
#endif
#if defined(NO_VAULT_COUNTER) || defined(FRESH_END)
#define VAULT_OK true
#else
#define VAULT_OK (storedUsed >= used)  /* the vault's version goes up with every use */
#endif
#ifdef LEAK_WHILE_LIVE
#define MAY_LEAK true
#else
#define MAY_LEAK (realUsed >= 2 || expired)
#endif

#define NONCES 4  /* 0, 1: the honest requests; 2, 3: the service's */

/* Parties: 0 and 1 are honest agents, and request i has nonce i; 2 is the service. */
#define SERVICE 2

/* EnrolmentRequest: nonce, Ed25519 key, whose signature, MAC right. */
chan toOwner = [0] of { byte, byte, byte, bool }

byte used                    /* uses that the owner's end knows of */
bool seen[NONCES]            /* nonces that the owner's end knows of */
byte storedUsed              /* an older vault that the service kept */
bool storedSeen[NONCES]
bool expired, leaked

/* Ghosts. */
byte realUsed                /* uses in truth */
byte grants[NONCES]
bool asked[NONCES]           /* genuine request reached the owner in time */
bool stranger, twice, tooMany, burned, noPossession, honestEnd, replayed, leakUsed, rolledBack

active proctype Owner() {
  byte nonce, ed, signedBy
  bool mac
  do
  :: toOwner ? nonce, ed, signedBy, mac ->
    d_step {
      if :: nonce < 2 && grants[nonce] > 0 && mac -> replayed = true :: else fi
      if :: mac && ed == SERVICE && leaked -> leakUsed = true :: else fi
      /* Refused although it is genuine, in time, and no grant has used up its place. */
      if
      :: nonce < 2 && mac && signedBy == ed && ed == nonce && !expired && grants[nonce] == 0 && realUsed < 2 &&
         !(USES_OK && NONCE_OK) -> burned = true
      :: else
      fi
      if
      :: USES_OK && TIME_OK && NONCE_OK ->
#ifdef COUNT_BEFORE_MAC
        seen[nonce] = true
        used++
#endif
        if
        :: mac && POSSESSION_OK ->
#ifndef COUNT_BEFORE_MAC
          seen[nonce] = true
          if :: used < 2 -> used++ :: else fi
#endif
          grants[nonce]++
          if :: realUsed < 3 -> realUsed++ :: else fi
          if :: ed == SERVICE -> stranger = true :: else fi
          if :: signedBy != ed -> noPossession = true :: else fi
          if :: grants[nonce] > 1 -> twice = true; grants[nonce] = 2 :: else fi
          if :: realUsed > 2 -> tooMany = true :: else fi
          if :: grants[0] == 1 && grants[1] == 1 -> honestEnd = true :: else fi
        :: else
        fi
      :: else
      fi
      nonce = 0; ed = 0; signedBy = 0; mac = 0
    }
  :: atomic { !expired -> expired = true }
  :: d_step { VAULT_OK && storedUsed != used ->   /* the end is opened again and reads the vault from the service */
      if :: storedUsed < used -> rolledBack = true :: else fi
      used = storedUsed
      seen[0] = storedSeen[0]; seen[1] = storedSeen[1]; seen[2] = storedSeen[2]; seen[3] = storedSeen[3]
    }
  od
}

active proctype Service() {
  byte i
  do
  :: i = 0; do :: i < 1 -> i++ :: break od
    if
    :: toOwner ! i, i, i, true              /* relay or replay agent i's request */
    :: toOwner ! i, SERVICE, SERVICE, false /* an honest nonce in a request of our own */
    fi
  :: toOwner ! 2, SERVICE, SERVICE, false   /* a guess at the code */
  :: leaked -> i = 2; do :: i < 3 -> i++ :: break od
    if
    :: toOwner ! i, SERVICE, SERVICE, true  /* enrols itself with the leaked code */
    :: toOwner ! i, 0, SERVICE, true        /* claims agent 0's Ed25519 key beside its own modulus */
    fi
  :: atomic { MAY_LEAK && !leaked -> leaked = true }
  :: d_step { storedUsed < used ->          /* keeps the newest vault, or does not */
      storedUsed = used
      storedSeen[0] = seen[0]; storedSeen[1] = seen[1]; storedSeen[2] = seen[2]; storedSeen[3] = seen[3]
    }
  od
}

ltl knew_code { [] !stranger }           /* P3 */
ltl once { [] !twice }                   /* P2: one request, one grant */
ltl bounded { [] !tooMany }              /* P3: never more grants than uses */
ltl possession { [] !noPossession }      /* the holder of the Ed25519 key asked */
ltl not_burned { [] !burned }            /* a forged request costs an honest agent nothing */

ltl reach_honest { [] !honestEnd }
ltl reach_replay { [] !replayed }
ltl reach_leaked_code_used { [] !leakUsed }
