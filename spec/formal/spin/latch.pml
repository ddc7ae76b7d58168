/*
 * The enablement latch: the agent's state machine under every input the service, a crash and a damaged disk can give.
 *
 * Specification: "The agent's state machine", "Enablement and pinning". Properties: P5 (no downgrade), P4 (what was written stays).
 * Bounds: 1 agent, 2 accounts (1 and 2), epochs 1 and 2; every event at every moment, without end; a crash between two writes.
 *
 * Phases and events are those of the registry. The agent writes two things when a code is given: the mark that it was pinned, and its
 * state. A start with a state goes on with it; without one it is state_lost if the mark is there, and a new agent if it is not.
 *
 * Weaken one rule with -D:
 *   NO_LATCH               "encryption is off", 404 or an unknown version makes the agent send plaintext
 *   PLAINTEXT_BEFORE_KEYS  what is captured before keys are there is sent in clear
 *   NO_MARK                a lost state is a new start
 *   MARK_LATE              the mark is written after the state, so that a crash can leave a state without a mark
 *   REPIN                  a code of another account is accepted
 *   OLD_KEYS               an agent with a newer state keeps and uses its older keys
 *   REVOKED_SENDS          an agent goes on under a state that lists it
 *   REVOKED_TAKES          a grant brings it back under a state that lists it
 * Settings:
 *   MARK_ON_START          a start with a state writes the mark if it is missing: not enough to mend MARK_LATE, since the
 *                          state may be lost before that start
 */
mtype = { UNPINNED, PINNED, WAITING, ACTIVE, REVOKED, STOPPED }
mtype phase = UNPINNED
byte account, state, keys       /* account id, epoch of the accepted state, epoch of the keys; 0: none */
bool listed                     /* by the accepted state */
bool mark, stored               /* on disk */
bool between                    /* the first of the two writes is done, the second is not */

/* Ghosts. */
byte first                      /* the account first pinned */
bool clear, moved, oldKeys, sentRevoked
bool honestEnd, backEnd, wasListed, offTried, lostTried, codeTried, oldTried, revokedTried, early, crashed

#define PLAIN_PHASE (phase == UNPINNED || phase == PINNED || (phase == WAITING && keys == 0))
#define PINNED_PHASE (phase == PINNED || phase == WAITING || phase == ACTIVE)

inline forget() { account = 0; state = 0; keys = 0; listed = false; wasListed = false; phase = UNPINNED }

inline pin(a) {
  account = a; state = 0; keys = 0; listed = false; phase = PINNED
  if
  :: first == 0 -> first = a
  :: first != 0 && first != a -> moved = true
  :: else
  fi
}

active proctype Agent() {
  byte a
  do
  :: atomic { !between && phase != STOPPED ->            /* code */
      if :: a = 1 :: a = 2 fi
      if
      :: phase == UNPINNED -> pin(a); between = true
#ifdef MARK_LATE
        stored = true
#else
        mark = true
#endif
      :: else -> codeTried = true
#ifdef REPIN
        pin(a)
#endif
      fi
      a = 0
    }
  :: d_step { between -> between = false; mark = true; stored = true }
  :: atomic { !between && (PINNED_PHASE || phase == REVOKED) ->   /* state or state_of_keys */
      if
      :: state < 2 -> state++                            /* another epoch: the keys end */
#ifndef OLD_KEYS
        keys = 0
#endif
      :: state > 0                                       /* of the epoch of the state before */
      fi
      listed = false
      if
      :: phase == REVOKED
      :: phase != REVOKED && keys > 0 -> phase = ACTIVE
      :: phase != REVOKED && keys == 0 -> phase = WAITING
      fi
    }
  :: d_step { !between && (PINNED_PHASE || phase == REVOKED) ->    /* state_revokes */
      if :: state == 0 -> state = 1 :: else fi
      phase = REVOKED; listed = true; wasListed = true
#ifndef REVOKED_SENDS
      keys = 0
#endif
    }
  :: d_step { (phase == WAITING || phase == ACTIVE || phase == REVOKED && !listed) && state > 0 -> keys = state; phase = ACTIVE }   /* grant */
#ifdef REVOKED_TAKES
  :: d_step { phase == REVOKED && state > 0 -> keys = state; phase = ACTIVE }
#endif
  :: atomic { !between ->                                /* activity */
      if :: PLAIN_PHASE -> early = true :: else fi
      if :: phase == WAITING && state == 2 -> oldTried = true :: else fi
      if :: phase == REVOKED -> revokedTried = true :: else fi
      if
      :: phase == ACTIVE ->                              /* sent as token, blob or batch */
        if :: keys != state -> oldKeys = true :: else fi
        if :: listed -> sentRevoked = true :: else fi
        if :: keys == 2 -> honestEnd = true :: else fi
        if :: wasListed && !listed -> backEnd = true :: else fi
#ifdef REVOKED_SENDS
      :: phase == REVOKED && keys > 0 -> sentRevoked = true
#endif
#ifdef PLAINTEXT_BEFORE_KEYS
      :: PLAIN_PHASE -> clear = true
#endif
      :: else
      fi
    }
  :: d_step { !between && PINNED_PHASE ->                /* service_off */
      offTried = true
#ifdef NO_LATCH
      clear = true
#endif
    }
  :: d_step { stored -> stored = false }                 /* the state on disk is damaged; the agent sees it when it starts */
  :: atomic { true ->                                    /* start, at any moment, between two writes too */
      if :: between -> crashed = true; between = false :: else fi
#ifdef MARK_ON_START
      if :: stored -> mark = true :: else fi
#endif
      if
      :: stored
#ifdef NO_MARK
      :: !stored -> if :: mark -> lostTried = true :: else fi; forget()
#else
      :: !stored && mark -> lostTried = true; phase = STOPPED; account = 0; state = 0; keys = 0; listed = false; wasListed = false
      :: !stored && !mark -> forget()
#endif
      fi
    }
  od
}

ltl no_plaintext { [] !clear }          /* P5 */
ltl same_account { [] !moved }          /* P5: the account first pinned is the only one */
ltl current_keys { [] !oldKeys }        /* P5, P7: R-13.1-5 */
ltl revoked_silent { [] !sentRevoked }  /* P7: nothing under a state that lists the agent */

ltl reach_honest { [] !honestEnd }
ltl reach_back { [] !backEnd }
ltl reach_off { [] !offTried }
ltl reach_lost { [] !lostTried }
ltl reach_code { [] !codeTried }
ltl reach_old { [] !oldTried }
ltl reach_revoked { [] !revokedTried }
ltl reach_early { [] !early }
ltl reach_crash { [] !crashed }
