/*
 * One agent, and every state and grant that anybody ever signed, shown to it in any order, across restarts.
 *
 * Rules: A (acceptance of a state), G (grants), M (the agent's machine). Lemmas: L2 keys, L3 heal. Codes: the least
 * generation.
 * Bounds: 1 agent, 3 generations, 14 states, 9 grants, a code of generation 1 or 3; orders and repetitions without
 * bound.
 *
 *   state  generation  counter  epoch  MK   lists the agent  made by
 *   H1         1          1       1     1         -          the owner
 *   H2         1          2       2     2         -          the owner: a rotation
 *   D2         1          2       2     3         -          the same end after a crash: a publication that died
 *   E3         1          3       3     4         -          R, whom generations 1 and 2 list: an MK of its own
 *   ER         1          4       3     4       listed       R: a forged revocation
 *   EM         1          4       2     2         -          R: the owner's MK goes on
 *   EX         1         15      15     5         -          R: numbers driven to their ends
 *   DG         2          4       3     6         -          a root act that lost its race; its list has R on it
 *   FR         2          6       3     6       listed       R, on that list
 *   F5         2          5       4     7         -          R, on that list, with an MK of its own
 *   H6         3          1       3     8         -          the owner's next root act: epoch 3 and counter 1 once more
 *   H7         3          2       4     9         -          the owner: a rotation
 *   XC         3          9       9     5         -          R's own list under a certificate that is not the root's
 *   XS         3          8       9     5         -          R, who is not on the list of generation 3
 *
 * R's grants carry any commitment and, in truth, keys of R's own (MK 5). The agent cannot see that: it sees who signed.
 *
 * Weaken one rule with -D:
 *   NO_CERTIFICATE, NO_SIGNER     acceptance does not check the list's certificate; that the signer is on the list
 *   NO_CODE_GENERATION            the first state may be of a generation below the code's
 *   NO_GENERATION                 a lower generation is accepted; COUNTER_TOO: a greater one needs a greater counter
 *                                 as well
 *   NO_COUNTER, NO_FORK           a lower counter is accepted; an equal one with other bytes
 *   NO_EPOCH, NO_EPOCH_FORK       a lower epoch is accepted; another commitment in one epoch
 *   NO_WIPE                       keys stay when generation or epoch change; EPOCH_ONLY: they stay if the epoch's
 *                                 number is the same
 *   NO_GRANT_SIGNER, NO_GRANT_COMMITMENT   a grant's signer, its commitment are not held against the accepted state
 *   TERMINAL                      nothing is accepted once revoked; SAME_GENERATION: only a greater generation is
 *   REVOKED_TAKES                 a grant activates an agent whose kept state lists it
 *   SAME_NUMBER                   the root act after the dead one takes its number again
 *   NO_PERSIST                    a restart forgets the accepted state
 */
#define NONE 14
#define H6 10
#define H7 11
byte gen[14], ctr[14], epo[14], mk[14]; bit lists[14], byR[14], certified[14], onList[14]

#ifdef SAME_NUMBER
#define NEXT 2
#else
#define NEXT 3
#endif
inline state(i, g, c, e, m, l, r, ce, on) {
  gen[i] = g; ctr[i] = c; epo[i] = e; mk[i] = m; lists[i] = l; byR[i] = r; certified[i] = ce; onList[i] = on
}

#define OFF 0
#define PINNED 1
#define WAITING 2
#define ACTIVE 3
#define REVOKED 4
byte last = NONE, phase = PINNED, code = 1
byte kGen, kEpo, kMk, kTrue          /* the keys held: generation, epoch, commitment, and the MK that they are really of */

#ifdef NO_CERTIFICATE
#define CERTIFICATE true
#else
#define CERTIFICATE (certified[s])
#endif
#ifdef NO_SIGNER
#define SIGNER true
#else
#define SIGNER (onList[s])
#endif
#ifdef NO_CODE_GENERATION
#define CODE_GENERATION true
#else
#define CODE_GENERATION (gen[s] >= code)
#endif
#if defined(NO_GENERATION)
#define NEWER_GENERATION (gen[s] != gen[last])
#elif defined(COUNTER_TOO)
#define NEWER_GENERATION (gen[s] > gen[last] && ctr[s] > ctr[last])
#else
#define NEWER_GENERATION (gen[s] > gen[last])
#endif
#if defined(NO_COUNTER)
#define COUNTER (ctr[s] != ctr[last])
#elif defined(NO_FORK)
#define COUNTER (ctr[s] >= ctr[last])
#else
#define COUNTER (ctr[s] > ctr[last])
#endif
#ifdef NO_EPOCH
#define EPOCH true
#else
#define EPOCH (epo[s] >= epo[last])
#endif
#ifdef NO_EPOCH_FORK
#define EPOCH_FORK true
#else
#define EPOCH_FORK (epo[s] != epo[last] || mk[s] == mk[last])
#endif
#if defined(TERMINAL)
#define MAY_ACCEPT (phase != REVOKED)
#elif defined(SAME_GENERATION)
#define MAY_ACCEPT (phase != REVOKED || gen[s] > gen[last])
#else
#define MAY_ACCEPT true
#endif
#define ACCEPTS (MAY_ACCEPT && CERTIFICATE && SIGNER && \
  ((last == NONE && CODE_GENERATION) || \
   (last != NONE && (s == last || NEWER_GENERATION || (gen[s] == gen[last] && COUNTER && EPOCH && EPOCH_FORK)))))
#if defined(NO_WIPE)
#define KEEPS_KEYS true
#elif defined(EPOCH_ONLY)
#define KEEPS_KEYS (epo[s] == kEpo)
#else
#define KEEPS_KEYS (gen[s] == kGen && epo[s] == kEpo && mk[s] == kMk)
#endif
#ifdef NO_GRANT_SIGNER
#define GRANT_SIGNER true
#else
#define GRANT_SIGNER (!rGrant || last < H6)     /* the lists of generation 1 and of the dead act have R */
#endif
#ifdef NO_GRANT_COMMITMENT
#define GRANT_COMMITMENT true
#else
#define GRANT_COMMITMENT (g == mk[last])
#endif
#ifdef REVOKED_TAKES
#define NOT_LISTED true
#else
#define NOT_LISTED (!lists[last])
#endif

/* Ghosts. */
byte truth = NONE
bool lower, forked, epochBack, epochForked, notRoots, notOnList, belowCode, mixed, planted, whileListed, refused, grantRefused
bool healed, revived, tried, late

active proctype Agent() {
  byte s, g; bit rGrant, ok
  d_step {
    state(0, 1, 1, 1, 1, 0, 0, 1, 1); state(1, 1, 2, 2, 2, 0, 0, 1, 1); state(2, 1, 2, 2, 3, 0, 0, 1, 1);
    state(3, 1, 3, 3, 4, 0, 1, 1, 1); state(4, 1, 4, 3, 4, 1, 1, 1, 1); state(5, 1, 4, 2, 2, 0, 1, 1, 1);
    state(6, 1, 15, 15, 5, 0, 1, 1, 1); state(7, 2, 4, 3, 6, 0, 0, 1, 1); state(8, 2, 6, 3, 6, 1, 1, 1, 1);
    state(9, 2, 5, 4, 7, 0, 1, 1, 1); state(10, NEXT, 1, 3, 8, 0, 0, 1, 1); state(11, NEXT, 2, 4, 9, 0, 0, 1, 1);
    state(12, NEXT, 9, 9, 5, 0, 1, 0, 1); state(13, NEXT, 8, 9, 5, 0, 1, 1, 0)
  }
  if :: code = 1 :: code = NEXT fi
  do
  :: atomic {                                              /* a state is shown */
      s = 0; do :: s < NONE - 1 -> s++ :: break od
      ok = ACCEPTS
      if
      :: truth != NONE && gen[s] < gen[truth] -> tried = true
      :: else
      fi
      /* L3: a newer state of the newest generation is taken, whatever was shown before. */
      if
      :: !ok && certified[s] && onList[s] && s >= H6 && truth != s && (truth == NONE || truth < H6 || (truth == H6 && s == H7)) ->
        refused = true
      :: else
      fi
      if
      :: ok ->
        if
        :: truth == NONE -> if :: gen[s] < code -> belowCode = true :: else fi
        :: else ->
          if
          :: gen[s] < gen[truth] || (gen[s] == gen[truth] && ctr[s] < ctr[truth]) -> lower = true
          :: gen[s] == gen[truth] && ctr[s] == ctr[truth] && s != truth -> forked = true
          :: else
          fi
          if :: gen[s] == gen[truth] && epo[s] < epo[truth] -> epochBack = true :: else fi
          if :: gen[s] == gen[truth] && epo[s] == epo[truth] && mk[s] != mk[truth] -> epochForked = true :: else fi
        fi
        if :: !certified[s] -> notRoots = true :: else fi
        if :: !onList[s] -> notOnList = true :: else fi
        if :: s == H6 && truth != NONE && truth != H6 && phase == REVOKED -> healed = true :: else fi
        if
        :: lists[s] -> phase = REVOKED; kGen = 0; kEpo = 0; kMk = 0; kTrue = 0
        :: !lists[s] && phase == REVOKED && s != last -> skip      /* stays revoked until a grant */
        :: else ->
          if
          :: phase == ACTIVE && KEEPS_KEYS
          :: phase == ACTIVE && !(KEEPS_KEYS) -> phase = WAITING; kGen = 0; kEpo = 0; kMk = 0; kTrue = 0
          :: phase == PINNED -> phase = WAITING
          :: else
          fi
        fi
        last = s
        truth = s
      :: else
      fi
      s = 0; ok = 0
    }
  :: atomic {                                              /* a grant: commitment g, keys of the MK that it names or R's own */
      last != NONE && (phase == WAITING || phase == REVOKED) ->
      g = 1; do :: g < 9 -> g++ :: break od
      if :: rGrant = 0 :: rGrant = 1 fi
      ok = GRANT_SIGNER && GRANT_COMMITMENT && NOT_LISTED
      if
      :: !ok && !rGrant && g == mk[last] && last >= H6 && !lists[last] -> grantRefused = true
      :: else
      fi
      if
      :: ok ->
        if :: phase == REVOKED && last >= H6 -> revived = true :: else fi
        phase = ACTIVE; kGen = gen[last]; kEpo = epo[last]; kMk = g
        if :: rGrant -> kTrue = 5 :: else -> kTrue = g fi
      :: else
      fi
      g = 0; rGrant = 0; ok = 0
    }
#ifdef NO_PERSIST
  :: d_step { last != NONE -> last = NONE; phase = PINNED; kGen = 0; kEpo = 0; kMk = 0; kTrue = 0 }
#endif
  :: d_step {
      phase == ACTIVE ->
      if :: kGen != gen[truth] || kEpo != epo[truth] || kMk != mk[truth] -> mixed = true :: else fi
      if :: truth >= H6 && truth <= H7 && kTrue != mk[truth] -> planted = true :: else fi
      if :: lists[truth] -> whileListed = true :: else fi
      if :: truth == H7 && kTrue == 9 -> late = true :: else fi
    }
  od
}

ltl keys { [] !mixed }                  /* L2: keys are those of the accepted (generation, epoch, commitment) */
ltl genuine { [] !planted }             /* L2: in a generation that does not list R they are keys that a listed person granted */
ltl listed { [] !whileListed }          /* no keys while the accepted state lists the agent */
ltl up { [] !lower }                    /* (generation, counter) never goes back */
ltl one { [] !forked }                  /* one pair, one state */
ltl epoch_up { [] !epochBack }
ltl epoch_one { [] !epochForked }       /* one MK in one epoch of a generation */
ltl root { [] !notRoots }               /* the list is the root's */
ltl signer { [] !notOnList }            /* the signer is on it */
ltl code_generation { [] !belowCode }
ltl heal { [] !refused }                /* L3 */
ltl restored { [] !grantRefused }       /* and its grant brings the agent back to work */

ltl reach_heal { [] !healed }
ltl reach_restored { [] !revived }
ltl reach_rollback { [] !tried }
ltl reach_work { [] !late }
