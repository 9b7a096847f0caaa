/* What ThreadSanitizer has to be told: ck works with barriers that it does not see.
 *
 * Thread: any. */
#ifndef PCED_IO_OS_SANITIZER_H
#define PCED_IO_OS_SANITIZER_H

#if defined(__SANITIZE_THREAD__)
#define PCED_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PCED_TSAN 1
#endif
#endif

#ifdef PCED_TSAN
void __tsan_acquire(void *address);
void __tsan_release(void *address);
/* What this thread did before is handed over to whoever acquires the address. */
#define TSAN_RELEASE(address) __tsan_release((void *)(address))
#define TSAN_ACQUIRE(address) __tsan_acquire((void *)(address))
#else
#define TSAN_RELEASE(address) ((void)(address))
#define TSAN_ACQUIRE(address) ((void)(address))
#endif

#endif
