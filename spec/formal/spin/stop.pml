/*
 * Whether anything that a signer writes stops the owner's root acts, or takes back what they did.
 *
 * Rules: R3, R5 to R7. Lemma: L3, for the owner's own ends.
 * Bounds: 2 devices of the owner's, which have opened the account; a manager R, whom a root act removes, and another one
 * that nobody removes. Who is listed writes a vault in the place of the one that is served, at most 3 times, which does
 * not open at the owner's (its rules, notes, keys or MK are none), or opens and is as full as a vault can be, or leaves
 * the reserve, and has as many removed persons as there is room for, and definitions that make no RuleSet. 3 root acts.
 * The service compares, and is honest otherwise.
 *
 * Weaken one rule with -D:
 *   NO_KEPT      no end keeps a whole
 *   KEEPS_ANY    an end keeps what is served, before it has opened it
 *   KEEPS_FULL   an end keeps a whole that has no room for a root act
 *   EXPECTS_OWN  what starts from the kept whole expects the kept vault, not the one that is served
 *   OLD_LIST     what starts from the kept whole lists the persons of the kept one, whatever list is served
 *   NEEDS_ALL    a root act is refused where its RuleSet cannot be made, or no person removed goes
 *   NO_WORD      an end that opened its kept whole acts by itself, without a person's word
 */
#define OPENS 0
#define BROKEN 1
#define FULL 2
#define STUFFED 3
byte id = 1, form = OPENS, generation = 1; bit listed = 1       /* the vault that is served, and whether it lists R */
byte kForm[2], kGeneration[2] = 1, kId[2] = 1; bit kListed[2] = 1     /* what each end keeps; its form is OPENS at first */
byte writes = 3, acts = 3
bit removed
bool stopped, back, alone
bool aside, gone, again, stuffed

#ifdef KEEPS_ANY
#define KEEPS true
#elif defined(KEEPS_FULL)
#define KEEPS (form != BROKEN)
#else
#define KEEPS (form == OPENS || form == STUFFED)
#endif

#ifdef NEEDS_ALL
#define ACTS(f) (f == OPENS)
#else
#define ACTS(f) (f == OPENS || f == STUFFED)
#endif

inline keep(d, f) { kForm[d] = f; kGeneration[d] = generation; kId[d] = id; kListed[d] = listed }

/* Whoever is listed writes. Certificates are the root key's: list and generation stay. */
active proctype Signer() {
  do
  :: atomic { writes > 0 -> writes--; id++; if :: form = BROKEN :: form = FULL :: form = STUFFED :: form = OPENS fi }
  :: writes == 0 -> break
  od
}

proctype Device(byte d) {
  byte expect = 0, list = 0, from = 0; bit fromKept = 0, said = 0
  do
  :: atomic { acts > 0 ->                                       /* opens, and makes a root act of what it has */
      acts--
      if :: KEEPS -> keep(d, form) :: else fi
      from = form; fromKept = form == BROKEN || form == FULL; expect = id; list = listed; said = 0
      if
      :: fromKept ->
        aside = true
#ifndef NO_KEPT
        from = kForm[d]
#endif
#ifdef EXPECTS_OWN
        expect = kId[d]
#endif
        /* Who is on either list, but not on the other, goes: each certificate is the root key's. */
#ifdef OLD_LIST
        list = kListed[d]
#else
        list = kListed[d] && (listed || generation <= kGeneration[d])
#endif
#ifndef NO_WORD
        said = 1
#endif
      :: else
      fi
      if :: fromKept && !said -> alone = true :: else fi
      if :: !ACTS(from) -> stopped = true :: else fi
      if :: d == 0 -> list = 0 :: else fi }                     /* the first device's acts remove R */
  :: atomic { expect && expect == id && ACTS(from) ->        /* the service compares, and has it */
      if :: removed && list -> back = true :: else fi
      if :: removed && fromKept -> again = true :: else fi
      id++; form = from; stuffed = stuffed || from == STUFFED; generation++; listed = list
      if :: !list -> removed = 1; gone = true :: else fi
      keep(d, from)
      expect = 0; list = 0; from = 0; fromKept = 0; said = 0 }
  :: atomic { expect && expect != id && ACTS(from) ->        /* it died; where nobody wrote meanwhile, for ever */
      if :: fromKept && expect == kId[d] -> stopped = true :: else fi
      expect = 0; list = 0; from = 0; fromKept = 0; said = 0 }
  :: acts == 0 && !expect -> break
  :: !ACTS(from) -> break
  od
}

init { atomic { run Device(0); run Device(1) } }

ltl never_stopped { [] !stopped }    /* at an end that keeps a whole, no writing of a signer's stops a root act */
ltl stays_removed { [] !back }       /* who was removed is on no list that starts from an older whole */
ltl spoken { [] !alone }             /* nothing starts from the kept whole unasked */

ltl reach_aside { [] !aside }
ltl reach_gone { [] !gone }
ltl reach_again { [] !again }
ltl reach_stuffed { [] !stuffed }
