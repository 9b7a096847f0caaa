/* CHECK: an assertion about our own code, kept in release builds.
 *
 * A CHECK that fails is a bug of ours, never a peer's or an operator's doing: the process prints
 * where it was and aborts, because going on with a broken invariant would put every session at
 * risk.
 *
 * Thread: any. */
#ifndef PCED_CORE_BASE_CHECK_H
#define PCED_CORE_BASE_CHECK_H

#define CHECK(condition)                                                                           \
    (__builtin_expect(!(condition), 0) ? check_failed(#condition, __FILE__, __LINE__) : (void)0)

_Noreturn void check_failed(const char *condition, const char *file, int line);

#endif
