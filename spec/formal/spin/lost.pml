/*
 * Whether the MasterKeys that an owner's end had opened come back where the account has them no more.
 *
 * Rules: R5 to R8. Lemma: L2, for what was sent before.
 * Bounds: 2 devices of the owner's, which have opened the account; 6 MasterKeys. Who is listed writes once: a new epoch
 * that the owner's ends do not open, or one past key fewer. 4 publications of the owner's: a root act, or, where what is
 * served opens, a rotation. An end opens any number of times, and may end before what it sends is stored.
 *
 * Weaken one rule with -D:
 *   NOT_GIVEN   a publication does not give back
 *   NOT_KEPT    an end keeps only the last whole that it opened
 *   FORGOTTEN   an end drops what it gives back once it has sent that
 *   BY_COUNT    an end takes as many keys for the same ones
 *   NO_OWN      an end does not look for the own MasterKey of the whole that it keeps
 *   TWICE       who is listed writes twice, and no publication of the owner's comes between: the limit of one whole a
 *               generation
 */
#ifdef TWICE
#define WRITES 2
#else
#define WRITES 1
#endif
#define bit(k) (1 << (k))

byte id = 1, generation = 1, own = 0, has = 1, next = 1; bool opens = true         /* what is served */
byte kGen[2] = 1, kOwn[2] = 0, kHas[2] = 1                  /* what each end keeps: the last whole that it opened */
byte ended[8]                                                /* and wholes by end and generation, as their keys */
byte ever[2] = 1                                             /* the keys that each end has opened */
byte writes = WRITES, acts = 4
bool lost, took, gave, apart

#define at(d, g) (4 * (d) + (g))

#ifdef BY_COUNT
inline lacks(a, b, yes) {
  byte i = 0, n = 0, m = 0
  do :: i < 6 -> n = n + ((a >> i) & 1); m = m + ((b >> i) & 1); i++ :: else -> break od
  yes = n > m; i = 0; n = 0; m = 0
}
#elif defined(NO_OWN)
inline lacks(a, b, yes) { yes = (a & ~b & ~bit(kOwn[d])) != 0 }
#else
inline lacks(a, b, yes) { yes = (a & ~b) != 0 }
#endif

active proctype Signer() {
  byte k = 0
  do
  :: atomic { writes > 0 ->
      writes--
      if
      :: next < 6 -> own = next; next++; has = has | bit(own); opens = false
      :: select(k : 0..5); if :: (has & bit(k)) && k != own -> has = has & ~bit(k); took = true :: else fi
      fi
      id++ }
  :: writes == 0 -> break
  od
}

proctype Device(byte d) {
  byte expect = 0, keys = 0, from = 0, seen = 0, g = 0; bool yes = false, aside = false
  do
  :: atomic { acts > 0 && next < 6 ->                          /* opens, and makes a publication of what it has */
      acts--
      seen = kHas[d]
      /* In its own generation an end takes only what has the MasterKey that it remembers. */
      aside = !(opens && (generation > kGen[d] || (has & bit(kOwn[d]))))
      if :: !aside -> seen = has :: else fi
      lacks(kHas[d], seen, yes)
      if :: yes && !ended[at(d, kGen[d])] -> ended[at(d, kGen[d])] = kHas[d] :: else fi
      g = 1
      do
      :: g < 4 ->
        lacks(ended[at(d, g)], seen, yes)
        if :: !yes -> ended[at(d, g)] = 0 :: else fi
#ifdef NOT_KEPT
        ended[at(d, g)] = 0
#endif
        g++
      :: else -> break
      od
      if :: !aside -> kHas[d] = seen; kGen[d] = generation; kOwn[d] = own; ever[d] = ever[d] | seen :: else fi
      if :: aside && kGen[d] != generation -> apart = true :: else fi
      keys = seen | bit(next)
#ifndef NOT_GIVEN
      keys = keys | ended[at(d, 1)] | ended[at(d, 2)] | ended[at(d, 3)]
#endif
      if :: keys != (seen | bit(next)) -> gave = true :: else fi
#ifdef FORGOTTEN
      ended[at(d, 1)] = 0; ended[at(d, 2)] = 0; ended[at(d, 3)] = 0
#endif
      from = next; next++; expect = id; seen = 0; g = 0; yes = false }
  :: atomic { expect && expect == id ->                        /* stored; without a root act the generation stays */
      if
      :: generation < 3 -> generation++
      :: !aside -> skip
      fi
      id++; own = from; has = keys; opens = true
      kHas[d] = keys; kGen[d] = generation; kOwn[d] = own
      ever[d] = ever[d] | bit(own)
      if :: ever[d] & ~has -> lost = true :: else fi
      expect = 0; keys = 0; from = 0; aside = false }
  :: atomic { expect -> expect = 0; keys = 0; from = 0; aside = false }       /* another was faster, or it is given up */
  :: (acts == 0 || next >= 6) && !expect -> break
  od
}

init { atomic { run Device(0); run Device(1) } }

ltl given_back { [] !lost }      /* what an end publishes has every MasterKey that it has ever opened */

ltl reach_took { [] !took }
ltl reach_gave { [] !gave }
ltl reach_apart { [] !apart }
