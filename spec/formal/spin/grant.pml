/*
 * Grants delivered out of order, twice, late or forged, to an agent that may restart at any moment.
 *
 * Specification: "Grants", "Local state". Properties: P2 (once, exactly what was granted), P4 (only up, persisted),
 * P1 (the agent is no decryption oracle).
 * Bounds: 1 account, 2 agents, 2 epochs, 6 grants by the owner, 1 forged grant; the agent under study is A.
 *
 *   grant  counter  epoch  to   why it is there
 *     0       1       1     A   the first
 *     1       2       1     B   another agent's
 *     2       3       1     A   a second one in the same epoch
 *     3       3       1     A   a fork: another owner's end gave the same counter to other bytes
 *     4       5       2     A   after a rotation
 *     5       6       2     A   only with RACE: another owner's end rotated too, and this grant holds its MasterKey
 *     6       9       2     A   forged by the service: any field it likes, but not the account's signature
 *
 * Grants are scoped, as by default; MASTER makes them master grants, which the agent holds against commit[epoch].
 *
 * Weaken one rule with -D:
 *   NO_SIGNATURE_CHECK, NO_RECIPIENT_CHECK, NO_EPOCH_CHECK, NO_COUNTER_CHECK   the check is left out
 *   NO_FORK_CHECK        other bytes under the counter last accepted are taken too
 *   RSA_FIRST            the RSA key is used before the other checks
 *   NO_PERSIST           what the agent saw is kept in memory only, and a restart forgets it
 *   WRITE_LATE           the counter is written to disk after the keys are in use, and a restart can fall in between
 *   NO_COMMITMENT_CHECK  the MasterKey of a master grant is not held against the AccountState
 * Settings: MASTER, RACE (alone: a finding, since a scoped grant does not name the state that it goes with).
 */
#define FORGED 6
#define NOTHING 7
#define COUNTER(g) (g == FORGED -> 9 : (g <= 2 -> g + 1 : (g == 3 -> 3 : g + 1)))
#define EPOCH(g) (g >= 4 -> 2 : 1)
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
#elif defined(NO_FORK_CHECK)
#define COUNTER_OK (COUNTER(g) >= seen && g != last)
#else
#define COUNTER_OK (COUNTER(g) > seen)   /* the same bytes again are accepted without effect: no step here */
#endif
#if defined(MASTER) && !defined(NO_COMMITMENT_CHECK)
#define COMMITMENT_OK (g != 5 && g != FORGED)   /* neither holds the MasterKey to which the AccountState commits */
#else
#define COMMITMENT_OK true
#endif
#define CHECKS_OK (SIGNATURE_OK && RECIPIENT_OK && EPOCH_OK && COUNTER_OK)
#define UNFIT (g == FORGED || !FOR_A(g) || EPOCH(g) != state || COUNTER(g) <= top)

byte published            /* the service has the owner's grants 0 .. published - 1 */
byte state = 1            /* epoch of the AccountState that the agent has accepted; the model of states is state.pml */
byte seen, disk           /* counter of the grant last accepted: in memory, on disk */
byte last = NOTHING, diskLast = NOTHING   /* its hash */
byte top, topGrant = NOTHING              /* ghosts: highest counter ever accepted, restart or not, and by which grant */

/* Ghosts. */
byte times[7]
bool twice, back, forked, stale, foreign, oracle, mixed, honestEnd
bool replayTried, forkTried, forgedTried, othersTried, oldEpochTried, restarted

active proctype Owner() {
  published = 4           /* grants 0 to 3 */
  atomic { state = 2; published = 6 }
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
      :: published > 0 -> g = 3
      :: published > 4 -> g = 4
#ifdef RACE
      :: published > 4 -> g = 5
#endif
      :: g = FORGED
      fi
      if :: times[g] > 0 -> replayTried = true :: else fi
      if :: top == 3 && g == 3 && topGrant == 2 -> forkTried = true :: else fi
      if :: g == FORGED && EPOCH(g) == state -> forgedTried = true :: else fi
      if :: g == 1 -> othersTried = true :: else fi
      if :: g < 4 && state == 2 && COUNTER(g) > seen -> oldEpochTried = true :: else fi
#ifdef RSA_FIRST
      if :: UNFIT -> oracle = true :: else fi
#endif
      if
      :: CHECKS_OK ->
        /* RSA: only now; it fails by itself when the ciphertext is another agent's. */
        if :: UNFIT -> oracle = true :: else fi
        if
        :: FOR_A(g) && COMMITMENT_OK ->
          if :: COUNTER(g) < top -> back = true :: else fi
          if :: COUNTER(g) == top && g != topGrant -> forked = true :: else fi
          if :: COUNTER(g) >= top -> top = COUNTER(g); topGrant = g :: else fi
          if :: times[g] == 0 -> times[g] = 1 :: else -> twice = true fi
          if :: g == FORGED -> foreign = true :: else fi
          if :: g == 5 -> mixed = true :: else fi
          if :: EPOCH(g) != state -> stale = true :: else fi
          if :: g == 4 && times[0] == 1 -> honestEnd = true :: else fi
          seen = COUNTER(g)
          last = g
#ifndef WRITE_LATE
          disk = seen
          diskLast = last
#endif
        :: else
        fi
      :: else
      fi
      g = 0
    }
#ifdef WRITE_LATE
  :: d_step { disk != seen -> disk = seen; diskLast = last }
#endif
  :: d_step { seen > 0 ->   /* restart */
      restarted = true
#ifdef NO_PERSIST
      seen = 0
      last = NOTHING
#else
      seen = disk
      last = diskLast
#endif
    }
  od
}

ltl once { [] !twice }            /* P2: a grant takes effect once */
ltl only_up { [] !back }          /* P4: counters never go back, restarts included */
ltl one_counter { [] !forked }    /* P4: one counter, one grant */
ltl current { [] !stale }         /* P4: keys are those of the epoch of the accepted state */
ltl genuine { [] !foreign }       /* P2: only what the owner granted */
ltl no_oracle { [] !oracle }      /* P1: the RSA key touches only a fresh grant by the owner to this agent */
ltl one_lineage { [] !mixed }     /* P2: the keys are those of the MasterKey to which the accepted state commits */

ltl reach_honest { [] !honestEnd }
ltl reach_replay { [] !replayTried }
ltl reach_fork { [] !forkTried }
ltl reach_forged { [] !forgedTried }
ltl reach_others { [] !othersTried }
ltl reach_old_epoch { [] !oldEpochTried }
ltl reach_restart { [] !restarted }
