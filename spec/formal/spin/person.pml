/*
 * One person's end with pins, shown every whole that anybody can make, in any order; when it is made to publish from
 * one.
 *
 * Rules: O5, O6, O7. Lemmas: L1 (no older whole), L3 heal of persons' ends; who is granted the next epoch's keys.
 * Bounds: 1 end, 15 wholes, any order; the end may lose its memory.
 *
 *   whole  generation  epoch  vault  follows  MK         made by
 *     0        1         1      1       -     owner's    the owner
 *     1        1         1      2       0     owner's    the owner: a label
 *     2        1         2      3       1     owner's    a manager: a rotation
 *     3        1         2      3       1     dead       a publication that died; the service told its maker "stored"
 *     4        2         3      4       2     owner's    the owner: R removed
 *     5        2         4      5       4     owner's    a rotation
 *     6        3         5      1       5     owner's    the owner: a repair, with a vault counter of its own
 *     7        1         9     15       -     N's own    N, a thief of a listed manager's signing key, who knows no MK
 *     8        2         9     15       -     N's own    N again: the manager is on both lists
 *     9        1         1      9       1     owner's    R, who knows MK of epoch 1 and is listed there
 *    10        1         1      2       0     owner's    whole 1, its vault signed again by N: other bytes
 *    11        1         1      2       0     owner's    another label, by an end that the service told "stored"
 *    12        1         1      3      11     owner's    and one more on top of it
 *    13        1         1      3       1     owner's    the state renewed, on top of 1
 *    14        1         1      5       -     owner's    the state renewed twice, on top of 12
 *
 * Wholes 0, 1, 10, 11, 12 have one state. States are public, so N can note each of them; MKs it cannot.
 *
 * Setting with -D: FOOLED (the person says of anything that it is the newest): a limit.
 * Weaken one rule with -D:
 *   NO_VAULT_COUNTER   an older vault is taken; NO_RECENT: the next vault need not name the pinned one
 *   NO_NOTES           the pinned state need not be among the notes
 *   NO_PAST            past_keys need not hold the pinned MK; PAST_SAME_GENERATION: not in a greater generation
 *   NO_MADE_BY         made_by may be another than the signer
 *   REFUSES            what are findings in a greater generation are refusals there
 *   STAYS_CONFIRMED    a whole taken with a finding leaves the end as confirmed as it was
 *   UNASKED            an end without memory publishes of its own accord
 */
#define W 15
#define NONE 15
byte gen[W], epo[W], vault[W], follows[W], own[W]
/* own: 0 under an MK of the owner's line, 1 of the dead publication, 2 of N's. */
byte pin = NONE; bit confirmed = 0
bool older, changed, refused, gave, shown, healed, published, forked

inline whole(i, g, e, v, f, o) { gen[i] = g; epo[i] = e; vault[i] = v; follows[i] = f; own[i] = o }

#define HONEST(w) (w <= 2 || (w >= 4 && w <= 6))
#define FIRST(w) (w <= 1 || (w >= 9 && w <= 12))            /* has the first state, or is R's own under MK of epoch 1 */
#define NOTED(p, w) (p == w || w == 7 || w == 8 || (FIRST(p) && p != 9) || (HONEST(p) && HONEST(w) && p <= w))
#define PAST(p, w) (own[w] == own[p] || (own[w] == 1 && FIRST(p)))
#ifdef NO_VAULT_COUNTER
#define COUNTER true
#else
#define COUNTER (vault[w] > vault[pin])
#endif
#ifdef NO_RECENT
#define RECENT true
#else
#define RECENT (vault[w] != vault[pin] + 1 || follows[w] == pin)
#endif
#ifdef NO_NOTES
#define NOTES true
#else
#define NOTES NOTED(pin, w)
#endif
#ifdef NO_PAST
#define PAST_KEYS true
#else
#define PAST_KEYS (gen[w] > gen[pin] || epo[w] == epo[pin] || PAST(pin, w))
#endif
#if defined(NO_PAST) || defined(PAST_SAME_GENERATION)
#define PAST_FINDING true
#else
#define PAST_FINDING PAST(pin, w)
#endif
#ifdef NO_MADE_BY
#define MADE_BY true
#else
#define MADE_BY (w != 10)
#endif
#define CLEAN (COUNTER && RECENT && NOTES && PAST_FINDING)
#ifdef REFUSES
#define GREATER (gen[w] > gen[pin] && CLEAN)
#else
#define GREATER (gen[w] > gen[pin])
#endif
#define TAKES (MADE_BY && (pin == NONE || w == pin || GREATER || \
  (gen[w] == gen[pin] && epo[w] >= epo[pin] && COUNTER && RECENT && NOTES && PAST_KEYS)))

active proctype End() {
  byte w; bit finding
  d_step {
    whole(0, 1, 1, 1, NONE, 0); whole(1, 1, 1, 2, 0, 0); whole(2, 1, 2, 3, 1, 0); whole(3, 1, 2, 3, 1, 1)
    whole(4, 2, 3, 4, 2, 0); whole(5, 2, 4, 5, 4, 0); whole(6, 3, 5, 1, 5, 0); whole(7, 1, 9, 15, NONE, 2)
    whole(8, 2, 9, 15, NONE, 2); whole(9, 1, 1, 9, 1, 0); whole(10, 1, 1, 2, 0, 0); whole(11, 1, 1, 2, 0, 0); whole(12, 1, 1, 3, 11, 0)
    whole(13, 1, 1, 3, 1, 0); whole(14, 1, 1, 5, NONE, 0)
  }
  do
  :: atomic {
      w = 0; do :: w < W - 1 -> w++ :: break od
      if
      :: pin != NONE && w != pin && HONEST(w) && gen[w] > gen[pin] && !(TAKES) -> refused = true
      :: else
      fi
      if
      :: TAKES ->
        finding = pin != NONE && w != pin && gen[w] > gen[pin] && !(CLEAN)
        if :: pin != NONE && HONEST(w) && HONEST(pin) && w < pin -> older = true :: else fi
        if :: w == 10 -> changed = true :: else fi
        if :: pin != NONE && gen[w] == gen[pin] && ((w == 3 && pin == 2) || (w == 2 && pin == 3) || (w == 12 && pin == 1) || (w == 11 && pin == 1) || (w == 14 && pin == 13)) -> forked = true :: else fi
        if :: pin == 8 && w == 6 -> healed = true :: else fi
        if
        :: pin == NONE -> confirmed = 0
#ifndef STAYS_CONFIRMED
        :: pin != NONE && finding -> confirmed = 0
#endif
        :: else
        fi
        pin = w
      :: else
      fi
      w = 0; finding = 0 }
  :: atomic { pin != NONE && !confirmed ->                   /* the person compares the digits with another end's */
      if
#ifdef FOOLED
      :: true
#else
      :: HONEST(pin)
#endif
         -> confirmed = 1; shown = true
      fi }
  :: atomic { pin != NONE && (confirmed
#ifdef UNASKED
      || true
#endif
      ) ->                                                   /* it publishes, and grants to the members of what it opened */
      if :: own[pin] == 2 -> gave = true :: else -> published = true fi }
  :: atomic { pin != NONE -> pin = NONE; confirmed = 0 }     /* memory lost */
  od
}

ltl no_older { [] !older }
ltl signed_once { [] !changed }      /* no honest vault under another signature */
ltl one_line { [] !forked }          /* of two vaults of one counter it takes one */
ltl heal { [] !refused }             /* L3 */
ltl members { [] !gave }             /* a thief of a signing key alone has no members in what this end publishes */

ltl reach_confirmed { [] !shown }
ltl reach_healed { [] !healed }
ltl reach_published { [] !published }
