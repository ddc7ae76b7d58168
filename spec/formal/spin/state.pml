/*
 * The chain of AccountStates at an agent, with two owner's ends that may race, and a service that picks what to show.
 *
 * Specification: "Account state". Properties: P4 (only up, persisted), P2 (signed by the account).
 * Bounds: 1 account, 1 agent, 2 owner's ends, 2 epochs, 8 states and a forged one:
 *
 *   state  counter  epoch  previous  made by
 *     0       1       1       -      the first end
 *     1       2       2       0      the first end: a rotation
 *     2       2       1       0      the second end, which had not seen state 1: a fork with the same counter
 *     3       3       1       2      the second end goes on: a higher counter, an older epoch
 *     4       3       2       1      the first end goes on
 *     5       3       2       2      the second end rotates too
 *     6       4       2       5      the second end goes on
 *     7       4       1       3      the second end's other line goes on
 *     8       5       1       -      forged by the service
 *
 * Weaken one rule with -D:
 *   NO_SIGNATURE_CHECK, NO_COUNTER_CHECK, NO_EPOCH_CHECK   the check is left out
 *   NO_FORK_CHECK    a state with the counter last seen is accepted although its bytes differ
 *   NO_PREV_CHECK    the hash of the previous state is not compared when the counter is the next one
 *   NO_PERSIST       a restart forgets what was seen
 */
#define FORGED 8
#define UNSEEN 9
byte counter[9]; byte epoch[9]; byte prev[9]

#ifdef NO_SIGNATURE_CHECK
#define SIGNATURE_OK true
#else
#define SIGNATURE_OK (s != FORGED)
#endif
#ifdef NO_EPOCH_CHECK
#define EPOCH_OK true
#else
#define EPOCH_OK (epoch[s] >= epoch[last])
#endif
#if defined(NO_COUNTER_CHECK)
#define COUNTER_OK true
#elif defined(NO_FORK_CHECK)
#define COUNTER_OK (counter[s] >= counter[last])
#else
#define COUNTER_OK (counter[s] > counter[last] || s == last)
#endif
#ifdef NO_PREV_CHECK
#define PREV_OK true
#else
#define PREV_OK (counter[s] != counter[last] + 1 || prev[s] == last)
#endif
#define FIRST (last == UNSEEN)

byte last = UNSEEN         /* the state that the agent holds, in memory and (unless NO_PERSIST) on disk */

/* Ghosts. */
byte truth = UNSEEN        /* the state last accepted, restart or not */
bool forged, counterBack, epochBack, forked, unlinked, offLine, again
bool honestEnd, forkTried, oldEpochTried, rollbackTried, forgedTried

active proctype Agent() {
  byte s
  d_step {
    counter[0] = 1; epoch[0] = 1; prev[0] = UNSEEN
    counter[1] = 2; epoch[1] = 2; prev[1] = 0
    counter[2] = 2; epoch[2] = 1; prev[2] = 0
    counter[3] = 3; epoch[3] = 1; prev[3] = 2
    counter[4] = 3; epoch[4] = 2; prev[4] = 1
    counter[5] = 3; epoch[5] = 2; prev[5] = 2
    counter[6] = 4; epoch[6] = 2; prev[6] = 5
    counter[7] = 4; epoch[7] = 1; prev[7] = 3
    counter[8] = 5; epoch[8] = 1; prev[8] = UNSEEN
  }
  do
  :: atomic {
      s = 0; do :: s < FORGED -> s++ :: break od
      if
      :: truth != UNSEEN ->
        if :: counter[s] < counter[truth] -> rollbackTried = true :: else fi
        if :: counter[s] == counter[truth] && s != truth -> forkTried = true :: else fi
        if :: counter[s] > counter[truth] && epoch[s] < epoch[truth] && s != FORGED -> oldEpochTried = true :: else fi
      :: else
      fi
      if :: s == FORGED -> forgedTried = true :: else fi
      if
      :: SIGNATURE_OK && (FIRST || (COUNTER_OK && EPOCH_OK && PREV_OK)) ->
        if :: s == FORGED -> forged = true :: else fi
        if
        :: truth != UNSEEN && s != FORGED && truth != FORGED ->
          if :: counter[s] < counter[truth] -> counterBack = true :: else fi
          if :: epoch[s] < epoch[truth] -> epochBack = true :: else fi
          if :: counter[s] == counter[truth] && s != truth -> forked = true :: else fi
          if :: counter[s] == counter[truth] + 1 && prev[s] != truth -> unlinked = true :: else fi
          if :: truth == 1 && s == 6 -> offLine = true :: else fi
          if :: truth == s -> again = true :: else fi
          if :: truth == 1 && s == 4 -> honestEnd = true :: else fi
        :: else
        fi
        last = s
        truth = s
      :: else
      fi
      s = 0
    }
#ifdef NO_PERSIST
  :: d_step { last != UNSEEN -> last = UNSEEN }
#endif
  od
}

ltl signed { [] !forged }             /* P2 */
ltl counter_up { [] !counterBack }    /* P4 */
ltl epoch_up { [] !epochBack }        /* P4: so a removed agent's epoch never comes back */
ltl no_fork { [] !forked }            /* P4: one counter, one state */
ltl linked { [] !unlinked }           /* P4: neighbours are linked by the hash */

/* A limit, not a property: across a gap the hash says nothing, so one end's line can be left for the other's. */
ltl limit_one_line { [] !offLine }

ltl reach_honest { [] !honestEnd }
ltl reach_rollback { [] !rollbackTried }
ltl reach_fork { [] !forkTried }
ltl reach_old_epoch { [] !oldEpochTried }
ltl reach_forged { [] !forgedTried }
ltl reach_same_again { [] !again }
