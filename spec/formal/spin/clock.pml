/*
 * The clock of an agent that the service isolates, while its wall clock is held back: until when does it work under
 * an old list?
 *
 * Rules: C (the clock), A4 (validity), E (codes carry a time). Lemma: L4 window; L3 heal, as far as clocks are
 * concerned.
 * Bounds: 1 agent, pinned by a code of generation 1 that was made in month 1 or 2 and used then or a month later; 9
 * months;
 * certificates: generation 1 from month 1 to 4, 2 from 2 to 5, 3 from month 3 on. R is listed by 1 and 2 (2 is a
 * lost root act, or
 * one that the agent missed) and signs what it likes there. Honest ends sign states of two months: of 1 until month
 * 2, of 3 in
 * each month. Counters are left out, so that more is accepted than the rules allow.
 *
 * The time when the owner and R know better is the true time t. The adversary holds the wall clock anywhere up to t;
 * for what must
 * not happen 0 is the worst, for what must happen the right time is meant.
 *
 * Settings with -D:
 *   AHEAD            the owner's clock was four months ahead when it made generation 1; generation 2 put that right
 *                    and lists R
 *   OFF              the computer is off for any number of days; a monotonic clock does not count them
 * Weaken one rule with -D:
 *   CODE_FROM        the code carries its generation's `from`, not the time at which it was made
 *   CODE_NONE        the clock starts with the first state
 *   FROM_IN_ANCHOR   the anchor is raised to each accepted `from`; FROM_RESETS: and set to a smaller one of a
 *                    greater generation
 *   NO_ANCHOR        a greater generation sets the clock to its `made`; NEVER_BACK: it never sets it back
 *   NO_FROM          `made` is not held against the certificate's `from`
 *   RUNNING_ZERO     what ran since the state before is forgotten; RUNNING_LOST: a restart forgets it
 *   NO_EXPIRY        nothing is held against the clock; NO_CERTIFICATE_END: valid_until may lie after certificate_until
 */
#define T 9
#ifdef AHEAD
#define FROM1 5
#define END1 8
#else
#define FROM1 1
#define END1 4
#endif
#define FROM2 2
#define END2 5
#define FROM3 3
#define FROM(g) (g == 1 -> FROM1 : (g == 2 -> FROM2 : FROM3))
#define END(g) (g == 1 -> END1 : (g == 2 -> END2 : t + 3))
#define MAX(a, b) ((a) > (b) -> (a) : (b))

byte t = 1
byte made = 0            /* when the code was made */
byte start               /* what the code carries */
byte wait                /* how long the code lay */
byte gen = 0             /* of the accepted state; 0: none */
byte end                 /* its valid_until */
bit honest               /* signed by an honest end */
byte least, running      /* the clock is not below least + running */
byte anchor              /* what the code carries, and all running since */
byte work                /* running since the first state of this generation */
bit pinned

#if defined(CODE_NONE)
#define LEAST_FIRST (m_)
#else
#define LEAST_FIRST MAX(m_, anchor)
#endif
#if defined(NO_ANCHOR)
#define LEAST_GREATER (m_)
#elif defined(NEVER_BACK)
#define LEAST_GREATER MAX(m_, MAX(least + running, anchor))
#else
#define LEAST_GREATER MAX(m_, anchor)
#endif
#if defined(RUNNING_ZERO)
#define LEAST_SAME (m_)
#else
#define LEAST_SAME MAX(m_, least + running)
#endif

bool pastState, pastCertificate, tooLong, stranded
bool worked, led, followed, revived

inline take(g_, m_, e_, h_) {
  d_step {
#if defined(FROM_IN_ANCHOR) || defined(FROM_RESETS)
    anchor = MAX(anchor, FROM(g_))
#endif
#ifdef FROM_RESETS
    if :: gen && g_ > gen && FROM(g_) < FROM(gen) -> anchor = FROM(g_) :: else fi
#endif
    if
    :: gen == 0 -> least = LEAST_FIRST
    :: gen && g_ > gen -> least = LEAST_GREATER
    :: gen && g_ == gen -> least = LEAST_SAME
    fi
    if :: g_ != gen -> work = 0 :: else fi
    running = 0; gen = g_; end = e_; honest = h_
  }
}

active proctype World() {
  byte m, g, e
  if :: made = 1 :: made = 2 fi
  do
  :: atomic { t < T -> t++
      if
      :: pinned -> running++; anchor++; work++
#ifdef OFF
      :: pinned
#endif
      :: !pinned
      fi }
  :: atomic { !pinned && t >= made && t <= made + 1 -> pinned = 1; wait = t - made
#ifdef CODE_FROM
      start = FROM1
#else
      start = MAX(made, FROM1)
#ifdef AHEAD
      start = made          /* made by a person whose clock is right */
#endif
#endif
      anchor = start }
  :: atomic { pinned && gen <= 1 && t >= FROM1 ->                  /* an honest end's state of generation 1 */
      m = FROM1; do :: m < 2 && m < t -> m++ :: break od
      e = (m + 2 < END1 -> m + 2 : END1)
      take(1, m, e, 1)
      m = 0; e = 0 }
#ifdef AHEAD
  :: atomic { pinned && gen <= 1 -> m = FROM1; e = FROM1 + 2; take(1, m, e, 1); m = 0; e = 0 }
#endif
  :: atomic { pinned && gen <= 2 ->                                /* R's state of a generation that lists it */
      if :: gen <= 1 -> g = 1 :: t >= FROM2 -> g = 2 fi
      if :: m = FROM(g) :: m = FROM(g) + 1 :: m = END(g) - 1
#ifdef NO_FROM
      :: m = 0
#endif
      fi
      if :: gen == 1 && g == 2 -> led = true :: else fi
      if
      :: e = END(g)
#ifdef NO_CERTIFICATE_END
      :: e = T
#endif
      fi
      take(g, m, e, 0)
      m = 0; g = 0; e = 0 }
  :: atomic { pinned && t >= FROM3 -> m = t; e = t + 2; take(3, m, e, 1)        /* the owner's newest, with a wall clock that is right */
      if :: MAX(t, least) >= end -> stranded = true :: else -> followed = true fi; m = 0; e = 0 }
  :: d_step { gen && gen < 3 && (least + running < end
#ifdef NO_EXPIRY
      || true
#endif
      ) ->
      worked = true
      if :: honest && t >= end + wait -> pastState = true :: else fi
      if :: t >= END(gen) + wait -> pastCertificate = true :: else fi
      if :: work >= END(gen) - FROM(gen) -> tooLong = true :: else fi }
#ifdef RUNNING_LOST
  :: d_step { running -> running = 0 }
#endif
  od
}

ltl state_end { [] !pastState }              /* L4: nothing is made after valid_until of the honest end's state that is kept */
ltl certificate_end { [] !pastCertificate }  /* L4: nor after the certificate's end, whatever R signs */
ltl one_length { [] !tooLong }               /* even off and on again: a list's generation works for at most its certificate's length */
ltl heal { [] !stranded }                    /* L3: the owner's newest generation works at once, however far R pushed the clock */

ltl reach_work { [] !worked }
ltl reach_led { [] !led }
ltl reach_follow { [] !followed }
