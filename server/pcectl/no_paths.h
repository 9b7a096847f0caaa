/* pcectl session no-paths: requests that had no path, and which of them have one now.
 *
 * Thread: the only one. Owns: nothing. */
#ifndef PCED_SERVER_PCECTL_NO_PATHS_H
#define PCED_SERVER_PCECTL_NO_PATHS_H

/* An exit code; argv[0] is the command's own word. */
int pcectl_no_paths(int argc, char **argv);

#endif
