/*
 * Enrolment and the first grant, with the service in the middle.
 *
 * Specification: "Enrolment", "Grants". Properties: P1 (MK secrecy), P2 (agreement), P3 (only who knew the code), P5 (pin).
 * Bounds: 1 account and the service's own account, 1 agent, 1 request and 1 grant read by each honest end at a time.
 *
 * A party's name stands for its keys: O the owner, A the agent, S the service. The service sees every message, and sends
 * whatever it can build from what it saw. It cannot compute the code's secret, nor sign or decrypt with O's or A's keys.
 *
 * Weaken one rule with -D:
 *   NO_CODE_CHECK         the owner does not verify the request's MAC
 *   MAC_SKIPS_KEYS        the MAC does not cover the agent's keys
 *   NO_SIGNATURE_CHECK    the agent does not verify the grant's signature (with the owner's check only: a one-way check)
 *   NO_ACCOUNT_PIN        the agent takes the account key that the service names, without comparing it to the account id
 *   NO_INNER_HASH         the agent does not compare the hash inside the ciphertext with the header in front of it
 */
#ifdef NO_CODE_CHECK
#define CODE_OK true
#elif defined(MAC_SKIPS_KEYS)
#define CODE_OK (macBy == A)
#else
#define CODE_OK (macBy == A && macRsa == rsa && macEd == ed)
#endif
#ifdef NO_ACCOUNT_PIN
#define PIN_OK true
#else
#define PIN_OK (account == pinned)
#endif
#ifdef NO_SIGNATURE_CHECK
#define SIGNATURE_OK true
#else
#define SIGNATURE_OK (signer == account)
#endif
#ifdef NO_INNER_HASH
#define INNER_OK true
#else
#define INNER_OK (inner == account)
#endif

mtype = { NONE, O, A, S }

/* EnrolmentRequest: RSA key, Ed25519 key, who computed the MAC (A: with the code) and over what, who signed. */
chan toOwner = [0] of { mtype, mtype, mtype, mtype, mtype, mtype }
/* Grant: account key shown, signer, then the ciphertext: to whom, whose master key, account named by the inner hash. */
chan toAgent = [0] of { mtype, mtype, mtype, mtype, mtype }

bool requestSeen, grantSeen         /* what the service has copied from the wire */
mtype grantTo = NONE                /* whose RSA key the owner encrypted MK to */
mtype pinned = O                    /* the account that the agent enrols in */
mtype held = NONE                   /* whose master key the agent ended up with */
mtype heldAccount = NONE

/* Ghosts: they record what happened and decide nothing. */
bool leaked, strangerGranted, planted, forwarded, honestEnd
bool swapOffered, plantOffered, forwardOffered

active proctype Owner() {
  mtype rsa, ed, macBy, macRsa, macEd, signedBy
  do
  :: toOwner ? rsa, ed, macBy, macRsa, macEd, signedBy ->
    d_step {
      if :: rsa == S -> swapOffered = true :: else fi
      if
      :: grantTo == NONE && signedBy == ed && CODE_OK ->
        grantTo = rsa
        grantSeen = true
        if :: rsa == S -> leaked = true :: else fi
        if :: rsa == S || ed == S -> strangerGranted = true :: else fi
      :: else
      fi
      rsa = 0; ed = 0; macBy = 0; macRsa = 0; macEd = 0; signedBy = 0
    }
  od
}

active proctype Agent() {
  mtype account, signer, to, key, inner
  requestSeen = true  /* request (A, A, MAC by A over (A, A), signed by A) is on the wire from here on */
  do
  :: toAgent ? account, signer, to, key, inner ->
    d_step {
      if :: pinned == O && key == S -> plantOffered = true :: else fi
      if :: pinned == S && key == O -> forwardOffered = true :: else fi
      if
      :: held == NONE && PIN_OK && SIGNATURE_OK && to == A && INNER_OK ->
        held = key
        heldAccount = pinned
        if :: pinned == O && key != O -> planted = true :: else fi
        if :: pinned == S && key != S -> forwarded = true :: else fi
        if :: pinned == O && key == O && grantTo == A -> honestEnd = true :: else fi
      :: else
      fi
      account = 0; signer = 0; to = 0; key = 0; inner = 0
    }
  :: atomic { pinned == O -> pinned = S; held = NONE }
    /* Later the computer is enrolled in another account, one that the service runs, and keeps its keys. */
  od
}

inline pick(x) { if :: x = O :: x = S fi }

active proctype Service() {
  mtype account, signer, inner
  do
  :: requestSeen -> toOwner ! A, A, A, A, A, A      /* relay */
  :: requestSeen -> toOwner ! S, S, A, A, A, S      /* own keys, the MAC copied */
  :: toOwner ! S, S, S, S, S, S                     /* own keys, a MAC under a guessed code */
  :: requestSeen -> toOwner ! S, A, A, A, A, A      /* the modulus swapped in place */
  :: grantSeen -> pick(account); pick(signer)
    if
    :: signer == O -> toAgent ! account, O, grantTo, O, O   /* relay, under either account key */
    :: else -> toAgent ! account, S, grantTo, O, O          /* the owner's ciphertext, signed anew */
    fi
  :: pick(account); pick(inner)
    toAgent ! account, S, A, S, inner               /* own master key for the agent */
  od
}

ltl secret { [] !leaked }                /* P1: the service never learns MK */
ltl knew_code { [] !strangerGranted }    /* P3: no grant to keys whose holder does not know the code */
ltl agreement { [] !planted }            /* P2: under the owner's account only the owner's MK */
ltl origin { [] !forwarded }             /* P2: a key counts only for the account it was encrypted for */

/* Each of these must be violated: the end and every attempt are reached. */
ltl reach_honest { [] !honestEnd }
ltl reach_swap { [] !swapOffered }
ltl reach_plant { [] !plantOffered }
ltl reach_forward { [] !forwardOffered }
