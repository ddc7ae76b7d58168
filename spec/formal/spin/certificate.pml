/*
 * Renewal of certificates by the owner's devices, one of which the service keeps on the old line.
 *
 * Rules: K, O7. Lemma: L4, for a removed person.
 * Bounds: 3 devices, 9 months, one removal in month 1; certificates of 3 months, renewed when one month is left.
 *
 * Device 0 made the removal, and knows generation 2. Device 1 remembers generation 1, whose list has R; the service
 * chooses what it
 * shows to it. Device 2 has no memory. A certificate of generation 1 ends in month 3.
 *
 * Setting with -D: FOOLED (the person says that it is the newest without comparing): a limit.
 * Weaken one rule with -D:
 *   AUTOMATIC      a device with memory renews by itself
 *   UNASKED        so does one without
 *   NO_PINS        a device with memory takes an older generation
 */
#define MONTHS 9
byte now = 0, pin[3], end1 = 3, end2 = 0
bool outlived, renewed, kept

active proctype Owner() {
  byte d, g
  pin[0] = 1; pin[1] = 1; pin[2] = 0
  now = 1; pin[0] = 2; end2 = 4                              /* R is removed */
  do
  :: atomic { now < MONTHS -> now++; if :: now >= end1 && end1 > 3 -> outlived = true :: else fi }
  :: atomic {                                                /* a device opens what the service shows */
      if :: d = 0 :: d = 1 :: d = 2 fi
      if :: g = 1 :: g = 2 fi
      if
      :: (g == 1 && now < end1 || g == 2 && now < end2) && (g >= pin[d]
#ifdef NO_PINS
        || true
#endif
        ) ->
        if :: d < 2 -> pin[d] = g :: else fi
        if :: d == 1 && g == 1 && now > 1 -> kept = true :: else fi
        if                                                   /* it renews */
#ifdef AUTOMATIC
        :: d < 2 && g == 1 -> end1 = now + 3
#endif
#ifdef UNASKED
        :: d == 2 && g == 1 -> end1 = now + 3
#endif
#ifdef NO_PINS
        :: d == 0 && g == 1 -> end1 = now + 3                /* the person trusts the device that made the removal */
#endif
#ifdef FOOLED
        :: g == 1 -> end1 = now + 3
#endif
        :: g == 2 -> end2 = now + 3; if :: now > 3 -> renewed = true :: else fi       /* the digits are the newest */
        :: true
        fi
      :: else
      fi
      d = 0; g = 0
    }
  od
}

ltl old_list_ends { [] !outlived }        /* no certificate with R on it is signed after the removal */
ltl reach_renewed { [] !renewed }
ltl reach_kept { [] !kept }
