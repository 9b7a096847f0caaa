#include "io/os/signal.h"

#include "core/base/check.h"
#include "io/os/clock.h"
#include "io/os/failure.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void taken_set(sigset_t *set)
{
    static const int taken[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2};
    (void)sigemptyset(set);
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
        (void)sigaddset(set, taken[i]);
}

void signal_block(void)
{
    sigset_t set;
    taken_set(&set);
    int error = pthread_sigmask(SIG_BLOCK, &set, NULL);
    CHECK(error == 0); /* cannot fail: SIG_BLOCK and a set of ours are all that it may refuse */
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    error = sigaction(SIGPIPE, &ignore, NULL);
    CHECK(error == 0); /* cannot fail: SIGPIPE may be ignored */
}

enum pce_status signal_wait(struct mono deadline, int *number)
{
    sigset_t set;
    taken_set(&set);
    for (;;) {
        uint64_t wait_ns = mono_since_ns(deadline, clock_now());
        struct timespec wait = {
            .tv_sec = (time_t)(wait_ns / MONO_NS_PER_S),
            .tv_nsec = (long)(wait_ns % MONO_NS_PER_S),
        };
        int result =
            mono_is_never(deadline) ? sigwaitinfo(&set, NULL) : sigtimedwait(&set, NULL, &wait);
        if (result > 0) {
            *number = result;
            return PCE_OK;
        }
        if (errno == EAGAIN)
            return PCE_TIMEOUT;
        if (errno != EINTR)
            return PCE_IO;
    }
}

enum pce_status signal_open(int *descriptor)
{
    sigset_t set;
    taken_set(&set);
    *descriptor = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return *descriptor < 0 ? failure_status(errno) : PCE_OK;
}

enum pce_status signal_take(int descriptor, int *number)
{
    struct signalfd_siginfo information;
    ssize_t size = read(descriptor, &information, sizeof information);
    if (size < 0)
        return errno == EINTR ? PCE_AGAIN : failure_status(errno);
    *number = (int)information.ssi_signo;
    return PCE_OK;
}
