/*
 * Whether a mark of what retention took hides a batch that is there: the walk of an audit back over a member's line.
 *
 * Rules: U (the walk back). Property: P10, for what the vault says of retention.
 * Bounds: a line of 4 batches, all audited. The service gives any of them; whoever may sign has written any number as
 * that of the newest batch that retention took; one of those given is past its days, or none.
 *
 * Weaken one rule with -D:
 *   ENDS_THERE   the walk ends at the number that the vault says, whatever is given
 *   SILENT       what is gone is not shown
 *   NO_GAP       a batch that is missing above that number is no finding
 *   ALL_GONE     a batch that is missing is taken for gone, whatever the vault says
 */
#define LINE 4
byte kept, place = LINE, gone, found
bit given[5], counted[5], expired
bool done, missed, untold, unsaid, all = true, some

#ifdef ENDS_THERE
#define IS_COUNTED (given[place] && place > kept)
#else
#define IS_COUNTED given[place]
#endif
#ifdef ALL_GONE
#define IS_GONE true
#else
#define IS_GONE (place <= kept || expired)
#endif

active proctype Audit() {
  byte number
  atomic {
    for (number : 1 .. LINE) {
      if :: given[number] = 1 :: all = false fi
    }
    for (number : 1 .. LINE) { if :: kept = number :: skip fi }
    if :: expired = 1 :: skip fi
    do
    :: place > 0 && IS_COUNTED -> counted[place] = 1; place--
    :: place > 0 && !IS_COUNTED ->
      if
      :: IS_GONE ->
        if :: place > kept && !expired -> unsaid = true :: else fi
#ifndef SILENT
        gone = place
#endif
      :: else
#ifndef NO_GAP
        -> found = place
#endif
      fi
      break
    :: place == 0 -> break
    od
    for (number : 1 .. LINE) {
      if
      :: !counted[number] && number > gone && number > found -> untold = true
      :: else
      fi
      if :: !counted[number] && all -> missed = true :: else fi
      if :: counted[number] && number <= kept -> some = true :: else fi
    }
    done = true
  }
}

ltl there { [] !missed }             /* where all are given, all count, whatever the vault says */
ltl told { [] !untold }              /* what does not count is shown as gone, or found */
ltl said { [] !unsaid }              /* and is shown as gone only where the vault or a later batch says so */

ltl reach_some { [] !some }
ltl reach_gone { [] !(done && gone > 0) }
ltl reach_found { [] !(done && found > 0) }
