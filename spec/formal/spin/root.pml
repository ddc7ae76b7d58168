/*
 * The numbers of generations: two devices of the owner make root acts; some die, and one device may be lost.
 *
 * Rules: R1, R2. Lemma: L3, where lists of dead root acts are out.
 * Bounds: an act lists one more under the number of now (`add_person`), or makes a number; 2 devices, 6 minutes with at
 * most one act each, any number of acts; the worst list of each dead act has a removed person.
 *
 * Settings with -D: CLOCK_AHEAD (device 0 is two minutes ahead), SAME_MINUTE (two acts in one minute): limits.
 * Weaken one rule with -D:
 *   SEEN_ONLY    the number is one above the greatest that this device has signed or seen
 *   ADD_DIES     one that lists one more and died is not followed by another
 *   NO_FOLLOW    a dead root act that is given up is not followed by another
 *   NO_SEEN      the number is the minute, and nothing else
 */
#define MINUTES 6                    /* the account was made in minute 1 */
byte now = 2, newest = 1, dead = 0
byte deadAt = 0                      /* the minute in which the greatest dead number was signed */
byte seen[2] = 1, opened[2] = 1, act[2] = 0, actAt[2] = 0
bit due[2], adds[2], lost
byte acted                           /* in this minute */
bool below, outlived, again
bool died, passed, gone

#ifdef CLOCK_AHEAD
#define CLOCK(d) (d == 0 -> now + 2 : now)
#else
#define CLOCK(d) now
#endif
#define MAX(a, b) ((a) > (b) -> (a) : (b))
#if defined(SEEN_ONLY)
#define NUMBER(d) (seen[d] + 1)
#elif defined(NO_SEEN)
#define NUMBER(d) CLOCK(d)
#else
#define NUMBER(d) MAX(seen[d] + 1, CLOCK(d))
#endif
#ifdef SAME_MINUTE
#define FREE (acted < 2)
#else
#define FREE (acted < 1)
#endif

proctype Device(byte d) {
  do
  :: atomic { d == 0 && lost -> break }
  :: atomic { !act[d] && newest > opened[d] ->                       /* opens the newest whole */
      opened[d] = newest; seen[d] = MAX(seen[d], newest) }
  :: atomic { !act[d] && FREE && now < MINUTES ->                    /* signs a root act; it is on its way */
      if :: NUMBER(d) <= seen[d] -> again = true :: else fi
      act[d] = NUMBER(d); actAt[d] = now; acted++; seen[d] = MAX(seen[d], act[d]) }
  :: atomic { !act[d] && !due[d] && FREE && now < MINUTES ->         /* lists one more, under the same number */
      act[d] = opened[d]; actAt[d] = now; acted++; adds[d] = 1 }
  :: atomic { act[d] && adds[d] && opened[d] == newest ->            /* it settles */
      act[d] = 0; actAt[d] = 0; adds[d] = 0 }
  :: atomic { act[d] && !adds[d] && opened[d] == newest ->
      if :: dead && actAt[d] >= deadAt && act[d] <= dead -> below = true :: else fi
      if :: dead && actAt[d] > deadAt && act[d] > dead && lost -> passed = true :: else fi
      newest = act[d]; opened[d] = newest; act[d] = 0; actAt[d] = 0; due[d] = 0 }
  :: atomic { act[d] ->                                              /* it dies */
      if :: act[d] >= dead -> dead = act[d]; deadAt = actAt[d] :: else fi
      act[d] = 0; actAt[d] = 0; died = true
#if defined(ADD_DIES)
      due[d] = due[d] || !adds[d]
#elif !defined(NO_FOLLOW)
      due[d] = 1
#endif
      adds[d] = 0
    }
  :: atomic { d == 0 && due[d] -> lost = true; gone = true; break }
  :: atomic { !act[0] && !act[1] && !due[0] && !due[1] && dead && newest <= dead -> outlived = true; break }
  :: atomic { now == MINUTES && !act[d] -> break }
  od
}

active proctype Time() { do :: atomic { now < MINUTES -> now++; acted = 0 } :: now == MINUTES -> break od }
init { atomic { run Device(0); run Device(1) } }

ltl above { [] !below }              /* each root act that settles is above every dead one signed before it */
ltl followed { [] !outlived }        /* when no act is due, no dead list is at or above the newest generation */
ltl fresh { [] !again }              /* no device signs two lists of one number */

ltl reach_died { [] !died }
ltl reach_passed { [] !passed }
ltl reach_lost { [] !gone }
