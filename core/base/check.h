/* CHECK: an assertion about our own code, kept in release builds.
 *
 * A CHECK that fails is a bug of ours, never a peer's or an operator's doing, and never what load,
 * time or want of memory can bring about: it holds an invariant of one thread's own data. The
 * process says where it was and aborts, because going on with a broken invariant would put every
 * session at risk.
 *
 * Thread: any; check_set_handler by the main thread, before there are others. */
#ifndef PCED_CORE_BASE_CHECK_H
#define PCED_CORE_BASE_CHECK_H

#define CHECK(condition)                                                                           \
    (__builtin_expect(!(condition), 0) ? check_failed(#condition, __FILE__, __LINE__) : (void)0)

_Noreturn void check_failed(const char *condition, const char *file, int line);

/* Says more about a CHECK that failed than core/ can know; the process aborts when it returns.
 * NULL: the condition and its place are printed on stderr. */
typedef void check_handler(const char *condition, const char *file, int line);
void check_set_handler(check_handler *handler);

#endif
