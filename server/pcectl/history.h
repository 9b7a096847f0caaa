/* pcectl session history: which sessions have ended, and why.
 *
 * Thread: the main thread. Owns: nothing that lasts. Bound: what the server remembers. */
#ifndef PCED_SERVER_PCECTL_HISTORY_H
#define PCED_SERVER_PCECTL_HISTORY_H

/* argv[0] is "history"; an exit code. */
int pcectl_history(int argc, char **argv);

#endif
