#include "server/control/http_check.h"

#include "core/base/ip.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NAME_SIZE 256 /* octets of a name in the DNS, with its NUL */

static struct http_fault fault(unsigned status, const char *field, const char *message)
{
    return (struct http_fault){.status = status, .field = field, .message = message};
}

static bool is_hexadecimal(char c)
{
    return isxdigit((unsigned char)c) != 0;
}

struct http_fault http_check_target(const char *target)
{
    if (target == NULL || target[0] == '\0')
        return fault(400, "path", "the request names no path");
    for (const char *c = target; *c != '\0'; c++) {
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f)
            return fault(400, "path", "it has an octet that belongs in no URI");
        if (*c != '%')
            continue;
        if (!is_hexadecimal(c[1]) || !is_hexadecimal(c[2]))
            return fault(400, "path", "it has a % that begins no octet");
        if (c[1] == '0' && c[2] == '0')
            return fault(400, "path", "it has a NUL");
    }
    return fault(0, NULL, NULL);
}

/* RFC 9110 5.6.2: a token. */
bool http_is_name(const char *name)
{
    for (const char *c = name; *c != '\0'; c++) {
        if (isalnum((unsigned char)*c) == 0 && strchr("!#$%&'*+-.^_`|~", *c) == NULL)
            return false;
    }
    return name[0] != '\0';
}

static bool is_before_1_1(const char *version)
{
    return strcmp(version, "HTTP/1.0") == 0 || strncmp(version, "HTTP/1.", 7) != 0;
}

struct http_fault http_check_head(const struct http_head *head)
{
    bool is_old = is_before_1_1(head->version);
    if (head->has_bad_name)
        return fault(400, "header", "it has a name with an octet that belongs in none");
    if (head->host_count > 1)
        return fault(400, "Host", "it is there more than once");
    if (head->host_count == 0 && !is_old)
        return fault(400, "Host", "HTTP/1.1 needs it");
    if (head->length_count > 1)
        return fault(400, "Content-Length", "it is there more than once");
    if (head->coding_count == 0)
        return fault(0, NULL, NULL);
    if (head->length_count > 0)
        return fault(400, "Transfer-Encoding", "it stands beside Content-Length");
    if (head->coding_count > 1 || is_old)
        return fault(400, "Transfer-Encoding", "it is there more than once, or in HTTP/1.0");
    if (strcasecmp(head->coding, "chunked") != 0)
        return fault(501, "Transfer-Encoding", "only chunked is known");
    return fault(0, NULL, NULL);
}

/* The part before the port. False where the text is no host with an optional port. */
static bool cut_port(const char *host, char name[NAME_SIZE])
{
    const char *begin = host[0] == '[' ? host + 1 : host;
    size_t size = strcspn(begin, host[0] == '[' ? "]" : ":");
    const char *rest = begin + size;
    if (host[0] == '[' && *rest++ != ']')
        return false;
    if (*rest == ':')
        rest += 1 + strspn(rest + 1, "0123456789");
    if (*rest != '\0' || size == 0 || size >= NAME_SIZE)
        return false;
    memcpy(name, begin, size);
    name[size] = '\0';
    return true;
}

static bool http_is_listed(const char *name, const char *names)
{
    size_t name_size = strlen(name);
    for (const char *word = names; *word != '\0';) {
        word += strspn(word, " ");
        size_t size = strcspn(word, " ");
        if (size > 0 && size == name_size && strncasecmp(word, name, size) == 0)
            return true;
        word += size;
    }
    return false;
}

bool http_host_is_known(const char *host, const char *names)
{
    char name[NAME_SIZE];
    struct ip ip;
    if (!cut_port(host, name))
        return false;
    if (ip_parse(name, &ip))
        return (ip.family == IP_V6) == (host[0] == '[');
    if (host[0] == '[')
        return false;
    size_t size = strlen(name);
    if (name[size - 1] == '.') /* the root, which need not be written */
        name[size - 1] = '\0';
    return strcasecmp(name, "localhost") == 0 || http_is_listed(name, names);
}
