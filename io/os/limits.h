/* Limits that the system sets for this process: open files, locked memory.
 *
 * Thread: any; limits_raise_files before others ask. Owns: nothing. Units: numbers and octets;
 * 0 where the system says nothing. */
#ifndef PCED_IO_OS_LIMITS_H
#define PCED_IO_OS_LIMITS_H

#include <stdint.h>

/* Raises the limit of open files as far as the system allows: rings take the size of their tables
 * from the soft limit, and nothing speaks for less than the hard one. What fails stays as it was.
 */
void limits_raise_files(void);
/* Open files: the limit in force, and the one up to which it can be raised. */
uint64_t limits_files(void);
uint64_t limits_files_hard(void);
/* Octets that may be locked in memory. */
uint64_t limits_locked_memory(void);

#endif
