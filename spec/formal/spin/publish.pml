/*
 * Publication: two persons' ends write over each other, crash, and get their answers or not.
 *
 * Rules: P. Lemma: L2 as far as grants go; that every listed person can open what is stored; that nothing stored is
 * lost.
 * Bounds: end 0 (O) removes a member, which makes a state, after a person was asked about those that stay, or retires
 * one, without; end 1 (M) lets a member in, and perhaps rotates, which makes a state. Each does its
 * act once and repeats it until it is settled, three sendings each (two if the service lies); one crash each;
 * messages may arrive late, even after the crash.
 *
 * A vault is a number. Vault 0 with state 0 is there at first. A vault has a state, the vault that its sender
 * expects, and contents:
 * whether the member is removed in it, whether the other one is let in. A state has a counter.
 *
 * Setting with -D:
 *   LYING           the service answers what it likes, and may go on showing the vault that the end has pinned
 * Weaken one rule with -D:
 *   NO_COMPARE      the service replaces whatever it holds
 *   NO_MERGE        an end that lost to a vault of the same state sends its own contents, not made anew on top of
 *                   theirs
 *   NEW_STATE       it signs another state for that
 *   MERGE_ASKING    an act that asked about members is made anew on top of theirs
 *   OLD_WORD        an act that is made again after it died is not asked about again
 *   TWO_STEPS       the publication on disk is taken away before the one that replaces it is there
 *   NO_WRITE_AHEAD  a crash forgets the publication that was sent
 *   GRANTS_LATER    the master grants are sent after the publication
 *   GRANTS_EARLY    grants to agents are sent with the publication
 */
#define N 8
#ifdef LYING
#define TRIES 2
#else
#define TRIES 3
#endif
byte vState[N], vExpect[N]; bit vRemoved[N], vLabel[N], wasStored[N]
byte sCounter[N], sBy[N]; bit sStored[N], sReleased[N], sOpens0[N], sOpens1[N]
byte vaults = 1, states = 1
byte held = 0                                   /* by the service */
byte pending[2] = 0                             /* on disk; 0: none */
byte flying[2] = 0                              /* a message under way; 0: none */
bit settled[2]
byte pinned[2] = 0
byte counted[2] = 0                             /* greatest counter of a state of this end's that may be stored */

bool undone, unopened, early, twice, unasked
bool merged, died, resent, finished

#ifdef NO_COMPARE
#define COMPARE(w) true
#else
#define COMPARE(w) (vExpect[w] == held || wasStored[w])
#endif
#ifdef GRANTS_LATER
#define WITH 0
#else
#define WITH 1
#endif
#ifdef LYING
#define OTHER true
#else
#define OTHER (!wasStored[mine] && vExpect[mine] != held)
#endif
#define DONE(i, v) ((i == 0 -> vRemoved[v] : vLabel[v]))
#ifdef MERGE_ASKING
#define MERGES true
#else
#define MERGES (!asks)
#endif

/* The service takes a message. */
inline arrive(w) {
  d_step {
    if
    :: COMPARE(w) ->
      if
      :: !wasStored[w] ->
        held = w; wasStored[w] = 1
        if
        :: !sStored[vState[w]] ->
          sStored[vState[w]] = 1; sOpens0[vState[w]] = WITH; sOpens1[vState[w]] = WITH
        :: else
        fi
      :: else
      fi
    :: else
    fi
    if :: (settled[0] && !vRemoved[held]) || (settled[1] && !vLabel[held]) -> undone = true :: else fi
    if :: !sOpens0[vState[held]] && !sOpens1[vState[held]] -> unopened = true :: else fi
  }
}

/* What the person was shown stands while the act lives: `shown` is that vault, once `word` is set. */
proctype End(byte i; bit makesState; bit asks) {
  byte base = 0, next = 0, state = 0, mine = 0, tries = 0, shown = 0; bit crashed = 0, open = 0, word = 0
  do
  :: atomic { !open && !settled[i] ->
      /* Opening: what the service shows; with a publication pending, that comes first. */
#ifdef LYING
      if :: base = held :: base = pinned[i] fi
#else
      base = held
#endif
      open = 1; pinned[i] = base
      if
      :: pending[i] && wasStored[pending[i]] && base == pending[i] -> settled[i] = 1; pending[i] = 0
      :: pending[i] && !(wasStored[pending[i]] && base == pending[i]) -> mine = pending[i]; resent = true
      :: !pending[i] && DONE(i, base) -> settled[i] = 1
      :: !pending[i] && !DONE(i, base) -> mine = 0
      fi }
  :: atomic { open && !settled[i] && !mine && tries < TRIES ->          /* the act, from what was opened */
      tries++
      mine = vaults; vaults++
      if :: asks && !word -> shown = base; word = 1 :: else fi
      vExpect[mine] = base
      vRemoved[mine] = vRemoved[base] || i == 0
      vLabel[mine] = vLabel[base] || i == 1
      if :: asks && vLabel[mine] && !vLabel[shown] -> unasked = true :: else fi
      if
      :: makesState && !state ->
        state = states; states++
        sCounter[state] = sCounter[vState[base]] + 1; sBy[state] = i
        if :: sCounter[state] <= counted[i] -> twice = true :: else fi
        counted[i] = sCounter[state]
        vState[mine] = state
      :: makesState && state -> vState[mine] = state
      :: !makesState -> vState[mine] = vState[base]
      fi
      pending[i] = mine }
  :: atomic { open && !settled[i] && mine && !flying[i] ->          /* sent; it arrives now, later or never */
#ifdef GRANTS_EARLY
      sReleased[vState[mine]] = 1
#endif
      flying[i] = mine }
  :: atomic { open && !settled[i] && mine && !flying[i] ->          /* an answer, of whatever was sent */
      if
#ifdef LYING
      :: settled[i] = 1; pending[i] = 0; sReleased[vState[mine]] = 1
#endif
      :: wasStored[mine] ->
        settled[i] = 1; pending[i] = 0
#ifdef GRANTS_LATER
        sOpens0[vState[mine]] = 1; sOpens1[vState[mine]] = 1
#endif
        sReleased[vState[mine]] = 1
        if :: settled[0] && settled[1] -> finished = true :: else fi
      :: OTHER ->
#ifdef LYING
        if :: next = held :: next = pinned[i] fi
#else
        next = held
#endif
        pinned[i] = next
        if
        :: vState[next] == vState[vExpect[mine]] && MERGES ->       /* somebody wrote the vault only: keep our state */
          merged = true
#ifdef NEW_STATE
          state = 0
#endif
#ifdef NO_MERGE
          if
          :: tries < TRIES ->
            tries++
            vExpect[vaults] = next; vRemoved[vaults] = vRemoved[mine]; vLabel[vaults] = vLabel[mine]
            vState[vaults] = vState[mine]
            mine = vaults; vaults++; pending[i] = mine
          :: else -> mine = 0; pending[i] = 0
          fi
#else
          base = next; mine = 0                    /* what is on disk is replaced in one step, not taken away */
#ifdef TWO_STEPS
          pending[i] = 0
#endif
#endif
        :: else -> died = true; base = next; mine = 0; pending[i] = 0; state = 0
          /* What expects another vault is never stored: its number may be used again. */
          counted[i] = sCounter[vState[next]]
#ifndef OLD_WORD
          word = 0; shown = 0
#endif
        fi
        if :: !mine && DONE(i, base) -> settled[i] = 1 :: else fi
        next = 0
      fi }
  :: atomic { !crashed && open && !settled[i] ->                    /* a crash: what is not on disk is forgotten */
      crashed = 1; open = 0; base = 0; mine = 0
#ifdef NO_WRITE_AHEAD
      pending[i] = 0; state = 0; word = 0
#else
      state = (makesState && pending[i] -> vState[pending[i]] : 0)
#endif
    }
  :: atomic { sReleased[vState[mine]] && !sStored[vState[mine]] && mine -> early = true; mine = 0; break }
  :: atomic { settled[i] -> break }
  od
}

active proctype Service() {
  byte i
  do
  :: atomic { flying[0] -> arrive(flying[0]); flying[0] = 0 }
  :: atomic { flying[1] -> arrive(flying[1]); flying[1] = 0 }
  :: atomic { flying[0] -> flying[0] = 0 }
  :: atomic { flying[1] -> flying[1] = 0 }
  od
}

init {
  atomic {
    wasStored[0] = 1; sStored[0] = 1; sOpens0[0] = 1; sOpens1[0] = 1; sReleased[0] = 1
    if :: run End(0, 1, 0) :: run End(0, 1, 1) fi
    if :: run End(1, 0, 0) :: run End(1, 1, 0) fi
  }
}

ltl kept { [] !undone }              /* what was settled is in every later vault */
ltl opened { [] !unopened }          /* what is stored can be opened by a listed person */
ltl grants { [] !early }             /* no grant to an agent under a state that was not stored */
ltl asked { [] !unasked }            /* who was not shown to the person is in no vault of an act that asks */
ltl one_state { [] !twice }          /* no end signs two states of one number, of which the first may be stored */

ltl reach_merged { [] !merged }
ltl reach_died { [] !died }
ltl reach_resent { [] !resent }
ltl reach_finished { [] !finished }
