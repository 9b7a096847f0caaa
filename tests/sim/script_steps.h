/* The steps of a script, one row for each: its name, the octets of its arguments (those of a text
 * of its own excluded), and how often a random script has it.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_TESTS_SIM_SCRIPT_STEPS_H
#define PCED_TESTS_SIM_SCRIPT_STEPS_H

#define SCRIPT_STEPS(STEP)                                                                         \
    STEP(CONNECT, connect, 2, 20)  /* client, address: only the connection */                      \
    STEP(UP, up, 3, 120)           /* client, address, how: Open and Keepalive as well */          \
    STEP(SEED, seed, 5, 800)       /* client, seed (2), change (2) */                              \
    STEP(SPLIT, split, 6, 40)      /* … , where */                                               \
    STEP(BURST, burst, 4, 250)     /* client, seed (2), count */                                   \
    STEP(RAW, raw, 3, 20)          /* client, size (2), octets */                                  \
    STEP(BODY, body, 3, 20)        /* client, type, words, octets */                               \
    STEP(FIN, fin, 1, 8)           /* client */                                                    \
    STEP(RESET, reset, 2, 8)       /* client, how */                                               \
    STEP(DROP, drop, 1, 6)         /* client */                                                    \
    STEP(READ, read, 2, 20)        /* client, how much it reads from now on */                     \
    STEP(VANISH, vanish, 1, 3)     /* client */                                                    \
    STEP(TURNS, turns, 1, 60)      /* 1 … 8, the clock stands still */                           \
    STEP(SETTLE, settle, 0, 60)    /* until there is nothing to do */                              \
    STEP(TIME, time, 2, 20)        /* milliseconds */                                              \
    STEP(LEAP, leap, 1, 8)         /* seconds to an hour */                                        \
    STEP(CONFIG, config, 1, 4)     /* variant */                                                   \
    STEP(TOPOLOGY, topology, 1, 4) /* variant */                                                   \
    STEP(MEMORY, memory, 3, 3)     /* allocations that succeed (2), and that fail */               \
    STEP(ORDER, order, 1, 6)       /* of completions */                                            \
    STEP(AMOUNTS, amounts, 3, 6)   /* of a send, of a receive, of the window */                    \
    STEP(REFUSE, refuse, 3, 2)     /* operation, error, how many */                                \
    STEP(SUBMIT, submit, 1, 2)     /* submissions that take nothing */                             \
    STEP(FILES, files, 1, 2)       /* that may be open */                                          \
    STEP(ASK, ask, 2, 8)           /* how, address: an operator's question */                      \
    STEP(CROWD, crowd, 2, 3)       /* address, how many; none: they go */                          \
    STEP(COMPUTE, compute, 1, 6)   /* computations wait, or are run */                             \
    STEP(DIAL, dial, 1, 4)         /* what becomes of connections that the server opens */         \
    STEP(STOP, stop, 1, 0)         /* grace */

#define SCRIPT_STEP_VALUE(name, function, arguments, weight) SCRIPT_STEP_##name,
enum script_step { SCRIPT_STEPS(SCRIPT_STEP_VALUE) SCRIPT_STEP_COUNT };
#undef SCRIPT_STEP_VALUE

#endif
