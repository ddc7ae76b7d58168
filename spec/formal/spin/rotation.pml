/*
 * Removing an agent: revocation, rotation, and what the removed agent can learn with the service's help.
 *
 * Specification: "Revocation", "Rotation", "Enablement and pinning". Properties: P7 (no later key), P5.
 * Bounds: 1 account, epochs 1 and 2, 2 agents: H is honest, R is removed and tells all to the service;
 * a third computer, N, enrols at any time.
 *
 * The service has every message. Keys are ideal: that R knows epoch 2 needs a grant of epoch 2 to keys that R holds. What can be
 * deduced from the keys of epoch 1 is in the Maude model.
 *
 * Weaken one rule with -D:
 *   GRANT_REVOKED      rotation grants to every member, the revoked among them
 *   NO_ROTATION_DUE    after a revocation the owner grants without having rotated
 *   SEND_EARLY         rotation sends each output as soon as it is made, and the owner's end may fail in between
 *   OLD_KEYS           an agent with a newer AccountState goes on with the keys of the older epoch
 *   NO_REVOKED_CHECK   the owner grants to a request of a revoked agent id (with LIVE_CODE and SAME_ID)
 * Settings:
 *   LIVE_CODE          the code with which R enrolled has uses left and asks for no approval: a finding
 *   SAME_ID            R asks again with its old keys only
 *   CODES_DROPPED      a rotation after a revocation empties the list of codes: the answer to that finding
 */
bool revoked, due
byte epoch = 1            /* the owner's */
byte stateOut = 1         /* epoch of the newest AccountState at the service */
byte wrapOut = 1          /* epoch of the newest PasswordWrap at the service */
bool grantH2, knows2      /* a grant of epoch 2 to H is at the service; R knows the keys of epoch 2 */
bool grantN
byte stateH = 1, keysH = 1
bool failed               /* the owner's end has failed for good */

/* Ghosts. */
bool learned, readable, stranded, late, honestEnd, dueTried, reenrolTried, oldSendTried

#ifdef NO_ROTATION_DUE
#define MAY_GRANT true
#else
#define MAY_GRANT (!due)
#endif
#ifdef CODES_DROPPED
#define CODE_LIVE (!(revoked && epoch == 2))
#else
#define CODE_LIVE true
#endif
#ifdef OLD_KEYS
#define MAY_SEND true
#else
#define MAY_SEND (keysH == stateH)
#endif

active proctype Owner() {
  do
  :: !revoked && !failed -> atomic { revoked = true; due = true }   /* R loses its place: AccountState of the same epoch */
  :: atomic { epoch == 1 && revoked && !failed -> epoch = 2; due = false }
#ifndef SEND_EARLY
    d_step { stateOut = 2; wrapOut = 2; grantH2 = true }
#else
    stateOut = 2
    if :: wrapOut = 2; grantH2 = true :: failed = true fi
    if :: failed && wrapOut == 1 -> stranded = true :: else fi
#endif
#ifdef GRANT_REVOKED
    knows2 = true
#endif
  :: atomic { !grantN && !failed ->   /* a request of N, a new computer, under a code of its own */
      if :: due -> dueTried = true :: else fi
      if
      :: MAY_GRANT -> grantN = true
        if :: revoked && epoch == 1 -> late = true :: else fi
      :: else
      fi
    }
#ifdef LIVE_CODE
  :: atomic { revoked && !failed ->               /* R asks again under the code that it knows */
      reenrolTried = true
#ifndef SAME_ID
      if
      :: CODE_LIVE && MAY_GRANT && epoch == 2 -> knows2 = true    /* with fresh keys, hence another agent id */
      :: else
      fi
#endif
#ifdef NO_REVOKED_CHECK
      if
      :: CODE_LIVE && MAY_GRANT && epoch == 2 -> knows2 = true    /* with its old keys */
      :: else
      fi
#endif
    }
#endif
  :: atomic { revoked && knows2 && epoch == 2 -> learned = true }
  od
}

active proctype Honest() {
  do
  :: atomic { stateOut == 2 && stateH == 1 -> stateH = 2 }    /* the service hands the state over, sooner or later */
  :: atomic { grantH2 && stateH == 2 && keysH == 1 -> keysH = 2; honestEnd = true }
  :: atomic { true ->                                         /* activity */
      if :: keysH < stateH -> oldSendTried = true :: else fi
      if :: MAY_SEND && keysH < stateH -> readable = true :: else fi
    }
  od
}

ltl no_later_key { [] !learned }       /* P7 */
ltl no_late_grant { [] !late }         /* P7: nobody joins an epoch whose keys a removed agent holds */
ltl no_old_send { [] !readable }       /* P7, P5: an agent that knows of epoch 2 sends nothing that R can read */
ltl whole_or_nothing { [] !stranded }  /* rotation: no state without the wrap of its MasterKey */

ltl reach_honest { [] !honestEnd }
ltl reach_old_send { [] !oldSendTried }
ltl reach_due { [] !dueTried }
ltl reach_reenrol { [] !reenrolTried }   /* with LIVE_CODE */
