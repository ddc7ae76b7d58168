/*
 * Codes: who is granted what, and who becomes a person.
 *
 * Rules: E, G, R4. MK goes only to persons whom the root lists, and to agents whose code said so.
 * Bounds: 3 codes (0: agent, scoped; 1: agent, master; 2: manager, master), made under generation 2; ends of the
 * owner and of a
 * manager that answer; an agent that is given any of them, twice, or one of generation 3; a computer of the thief's,
 * which knows
 * code 0; one removal of the thief's computer, which makes generation 3. The service asks for what it likes in
 * anybody's name.
 *
 * Settings with -D: SIGNER (a listed person's signing key fell: the service signs grants of any kind to the agent),
 * LEAKED (the
 * thief knows a code made after the removal, too).
 * Weaken one rule with -D:
 *   NO_GRANT_KIND     what is granted is what the request asks for; NO_AGENT_KIND: the agent takes any kind
 *   NO_ROLE           whoever's request asks for it is listed as a person; MANAGER_LISTS: a manager's end lists persons
 *   NO_AGENT_ROLE     an agent uses a manager's code
 *   CODE_LOWERS       a later code's generation may be lower
 *   CODES_KEPT        codes outlive the removal; NOT_ASKED: so do members that nobody asked about
 *   NO_REVOKED        the id of a removed member is let in again
 */
#define SCOPED 1
#define MASTER 2
#define THIEF 3                           /* requests 0 to 2: the agent's, by that code; 3: the thief's computer's, */
#define MANAGER 4                         /* by code 0; 4: a manager's browser's, by code 2 */
bit live[3] = 1
bit removed, member[5], other             /* other: a second computer of the thief's is a member */
byte agentCode = 9, agentKind, agentGeneration
bool mkAstray, stranger, disagrees, lowered, late, again
bool gotScoped, gotMaster, gotPerson, changed

#define CODE(w) (w == THIEF -> 0 : (w == MANAGER -> 2 : w))
#define KIND(c) (c == 0 -> SCOPED : MASTER)
#ifdef NO_GRANT_KIND
#define GRANTED asks
#else
#define GRANTED KIND(CODE(who))
#endif
#ifdef NO_ROLE
#define LISTS (asksPerson)
#else
#define LISTS (CODE(who) == 2)
#endif
#ifdef MANAGER_LISTS
#define MAY_LIST true
#else
#define MAY_LIST owner
#endif
#ifdef NO_AGENT_KIND
#define TAKES true
#else
#define TAKES (kind == agentKind)
#endif
#ifdef NO_REVOKED
#define NOT_OUT true
#else
#define NOT_OUT (!(who == THIEF && removed))
#endif

#ifdef CODE_LOWERS
#define LEAST g
#else
#define LEAST (g > agentGeneration -> g : agentGeneration)
#endif

active proctype World() {
  byte who, asks, kind, c, g, old; bit asksPerson, owner
  do
  :: atomic {                              /* a person gives the agent a code */
      agentKind == 0 || !changed ->
      if :: c = 0 :: c = 1 :: c = 2 fi
      if :: g = 2 :: removed -> g = 3 fi
      if
#ifndef NO_AGENT_ROLE
      :: c == 2
#endif
      :: else ->
        old = agentGeneration
        agentGeneration = LEAST
        if :: agentGeneration < old -> lowered = true :: else fi
        old = 0
        if :: agentKind -> changed = true :: else fi
        agentCode = c; agentKind = KIND(c)
      fi
      c = 0; g = 0 }
  :: atomic {                              /* an end answers a request */
      if :: agentCode < 3 -> who = agentCode :: who = THIEF :: who = MANAGER fi
      if :: asks = SCOPED :: asks = MASTER fi
      if :: asksPerson = 0 :: asksPerson = 1 fi
      if :: owner = 0 :: owner = 1 fi
      if
      :: live[CODE(who)] && NOT_OUT ->
        if
        :: LISTS && MAY_LIST ->
          gotPerson = true
          if :: who != MANAGER || !owner -> stranger = true :: else fi
        :: LISTS && !(MAY_LIST)
        :: !(LISTS) ->
          kind = GRANTED
          if :: kind == MASTER && KIND(CODE(who)) == SCOPED -> mkAstray = true :: else fi
          if :: who == THIEF && removed -> again = true :: else fi
          member[who] = 1
          if
          :: who < THIEF && TAKES ->
            if :: kind != agentKind -> disagrees = true :: else fi
            if :: kind == SCOPED -> gotScoped = true :: else -> gotMaster = true fi
          :: else
          fi
        fi
      :: else
      fi
      who = 0; asks = 0; kind = 0; asksPerson = 0; owner = 0 }
#ifdef SIGNER
  :: atomic { agentKind ->                 /* the thief's grant */
      if :: kind = SCOPED :: kind = MASTER fi
      if :: TAKES && kind != agentKind -> disagrees = true :: else fi
      kind = 0 }
#endif
  :: atomic { live[0] -> other = 1 }       /* the thief's second computer, under an id of its own */
  :: atomic { !removed && member[THIEF] -> /* the removal: generation 3 */
      removed = 1; member[THIEF] = 0
#ifndef CODES_KEPT
      live[0] = 0; live[1] = 0; live[2] = 0
#endif
#ifndef NOT_ASKED
      other = 0
#endif
    }
#ifdef LEAKED
  :: atomic { removed -> live[0] = 1 }     /* a new code, which the thief knows, too */
#endif
  :: d_step { removed && other -> late = true }
  od
}

ltl mk_where_said { [] !mkAstray }        /* MK to agents only whose code said master */
ltl persons { [] !stranger }              /* a person is what came by a manager's code, and the owner answered */
ltl kinds { [] !disagrees }               /* an agent takes only the kind that its code said */
ltl generation { [] !lowered }            /* its least generation does not go down */
ltl removal { [] !late }                  /* no computer of the thief's after the removal */
ltl removed_once { [] !again }            /* a removed id does not come back */

ltl reach_scoped { [] !gotScoped }
ltl reach_master { [] !gotMaster }
ltl reach_person { [] !gotPerson }
ltl reach_changed { [] !changed }
