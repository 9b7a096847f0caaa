/* HTTP check: what a request must be like before anything in it is believed.
 *
 * The library takes what is ambiguous as best it can; here it is refused, so that nobody reads the
 * same octets in two ways (RFC 9112 3.2, 6.3), and no web page reaches the API under a name of its
 * own that it has pointed at us (DNS rebinding).
 *
 * Thread: any; pure. Owns: nothing. Bound: looks at each octet once. */
#ifndef PCED_SERVER_CONTROL_HTTP_CHECK_H
#define PCED_SERVER_CONTROL_HTTP_CHECK_H

#include <stdbool.h>
#include <stdint.h>

/* What the header says about whom it is for and where it ends. */
struct http_head {
    const char *version; /* "HTTP/1.1" */
    bool has_bad_name;
    uint32_t host_count;
    uint32_t length_count; /* Content-Length */
    uint32_t coding_count; /* Transfer-Encoding */
    const char *host;      /* the last of them, or NULL */
    const char *coding;
};

/* Why a request is refused. */
struct http_fault {
    unsigned status; /* 0: it is good */
    const char *field;
    const char *message;
};

/* The target as it was sent, NULL: there was none. Octets that belong in no URI, a "%" that begins
 * no octet, and a NUL, where C would end what HTTP goes on with. */
struct http_fault http_check_target(const char *target);
/* Whether it is a name of a header. With a space before its colon it is nobody's here, and the name
 * without the space to others (RFC 9112 5.1 asks for the refusal). */
bool http_is_name(const char *name);
struct http_fault http_check_head(const struct http_head *head);

/* Whether a Host is ours: a literal address, localhost, or one of the names, which are separated by
 * spaces; with any port. An address and localhost can be no other site's. */
bool http_host_is_known(const char *host, const char *names);

#endif
