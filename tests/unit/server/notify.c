#include "server/notify.h"

#include <criterion/criterion.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A socket as the service manager has it; name begins with '/' or, for an abstract one, with '@'.
 */
static int open_manager(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval wait = {.tv_sec = 10};
    memcpy(address.sun_path, name, strlen(name));
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    cr_assert_geq(descriptor, 0);
    cr_assert_eq(bind(descriptor, (const struct sockaddr *)&address, size), 0);
    cr_assert_eq(setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait), 0);
    cr_assert_eq(setenv("NOTIFY_SOCKET", name, 1), 0);
    return descriptor;
}

static void expect_state(int descriptor, const char *begin)
{
    char text[256];
    ssize_t size = recv(descriptor, text, sizeof text - 1, 0);
    cr_assert_gt(size, 0);
    text[size] = '\0';
    cr_expect_eq(strncmp(text, begin, strlen(begin)), 0, "%s", text);
}

Test(notify, a_state_reaches_the_socket_of_the_service_manager)
{
    char name[64];
    (void)snprintf(name, sizeof name, "/tmp/pced-notify-%d", (int)getpid());
    int descriptor = open_manager(name);
    notify_send("READY=1");
    expect_state(descriptor, "READY=1");
    notify_reloading();
    expect_state(descriptor, "RELOADING=1\nMONOTONIC_USEC=");
    (void)close(descriptor);
    (void)unlink(name);
    notify_send("STOPPING=1"); /* nobody listens any more: no harm */
}

Test(notify, an_abstract_socket_is_reached_too)
{
    char name[64];
    (void)snprintf(name, sizeof name, "@pced-notify-%d", (int)getpid());
    int descriptor = open_manager(name);
    notify_send("STOPPING=1");
    expect_state(descriptor, "STOPPING=1");
    (void)close(descriptor);
}

Test(notify, a_name_that_cannot_be_a_socket_is_passed_over)
{
    static char name[300];
    memset(name, 'x', sizeof name - 1);
    cr_assert_eq(unsetenv("NOTIFY_SOCKET"), 0);
    notify_send("READY=1");
    cr_assert_eq(setenv("NOTIFY_SOCKET", name, 1), 0);
    notify_send("READY=1");
    name[0] = '/';
    cr_assert_eq(setenv("NOTIFY_SOCKET", name, 1), 0);
    notify_send("READY=1");
}
