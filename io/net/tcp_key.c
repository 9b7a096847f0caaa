#include "io/net/tcp_key.h"

#include "io/net/address.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

/* What Debian's headers lack of TCP-AO (Linux 6.7); the numbers and the layout are the kernel's
 * ABI. */
#define AO_ADD_KEY    38
#define AO_DELETE_KEY 39
#define AO_ALGORITHM  "hmac(sha1)" /* RFC 5926 3.1.1: every implementation has it */
#define AO_MAC_SIZE   12

struct ao_add {
    struct sockaddr_storage address;
    char algorithm[64];
    int32_t interface;
    uint32_t flags;
    uint16_t reserved;
    uint8_t bits;
    uint8_t send_id;
    uint8_t receive_id;
    uint8_t mac_size;
    uint8_t key_flags;
    uint8_t key_size;
    uint8_t key[TCP_KEY_SIZE_MAX];
} __attribute__((aligned(8)));

struct ao_delete {
    struct sockaddr_storage address;
    int32_t interface;
    uint32_t flags;
    uint16_t reserved;
    uint8_t bits;
    uint8_t send_id;
    uint8_t receive_id;
    uint8_t current_id;
    uint8_t next_id;
    uint8_t key_flags;
} __attribute__((aligned(8)));

static void tcp_key_put_address(struct sockaddr_storage *storage, const struct tcp_key *key)
{
    union address address;
    socklen_t size = address_from_ip(&address, &key->prefix, 0);
    memcpy(storage, &address, size);
}

/* 0, or an errno value; size 0 removes the key. */
static int set_md5(int descriptor, const struct tcp_key *key, uint8_t size)
{
    struct tcp_md5sig argument = {
        .tcpm_flags = TCP_MD5SIG_FLAG_PREFIX,
        .tcpm_prefixlen = key->bits,
        .tcpm_keylen = size,
    };
    tcp_key_put_address(&argument.tcpm_addr, key);
    memcpy(argument.tcpm_key, key->octets, size);
    int result =
        setsockopt(descriptor, IPPROTO_TCP, TCP_MD5SIG_EXT, &argument, sizeof argument) == 0
            ? 0
            : errno;
    explicit_bzero(&argument, sizeof argument);
    return result;
}

static int remove_ao(int descriptor, const struct tcp_key *key)
{
    struct ao_delete argument = {
        .bits = key->bits, .send_id = key->send_id, .receive_id = key->receive_id};
    tcp_key_put_address(&argument.address, key);
    if (setsockopt(descriptor, IPPROTO_TCP, AO_DELETE_KEY, &argument, sizeof argument) == 0)
        return 0;
    return errno;
}

static int add_ao(int descriptor, const struct tcp_key *key)
{
    struct ao_add argument = {
        .algorithm = AO_ALGORITHM,
        .bits = key->bits,
        .send_id = key->send_id,
        .receive_id = key->receive_id,
        .mac_size = AO_MAC_SIZE,
        .key_size = key->size,
    };
    (void)remove_ao(descriptor, key);
    tcp_key_put_address(&argument.address, key);
    memcpy(argument.key, key->octets, key->size);
    int result = setsockopt(descriptor, IPPROTO_TCP, AO_ADD_KEY, &argument, sizeof argument) == 0
                     ? 0
                     : errno;
    explicit_bzero(&argument, sizeof argument);
    return result;
}

static bool is_valid(const struct tcp_key *key)
{
    return address_family(&key->prefix) != AF_UNSPEC && key->size > 0 &&
           key->size <= TCP_KEY_SIZE_MAX && key->bits <= ip_size(&key->prefix) * 8;
}

enum pce_status tcp_key_set(int descriptor, const struct tcp_key *key, struct failure *failure)
{
    const char *kind = key->kind == TCP_KEY_AO ? "TCP-AO" : "TCP-MD5";
    if (!is_valid(key))
        return failure_set(failure, PCE_INVALID, "%s: 1 to %d octets of key, a prefix", kind,
                           TCP_KEY_SIZE_MAX);
    int error =
        key->kind == TCP_KEY_AO ? add_ao(descriptor, key) : set_md5(descriptor, key, key->size);
    if (error == 0)
        return PCE_OK;
    char text[IP_TEXT_SIZE];
    (void)ip_format(&key->prefix, text);
    if (error == ENOPROTOOPT)
        return failure_set(failure, PCE_UNSUPPORTED, "this kernel has no %s (key of %s/%u)", kind,
                           text, key->bits);
    return failure_set_errno(failure, error, "%s key of %s/%u", kind, text, key->bits);
}

void tcp_key_remove(int descriptor, const struct tcp_key *key)
{
    if (key->kind == TCP_KEY_AO)
        (void)remove_ao(descriptor, key);
    else
        (void)set_md5(descriptor, key, 0);
}

bool tcp_key_is_supported(enum tcp_key_kind kind)
{
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor < 0)
        return false;
    struct tcp_key key = {.kind = (uint8_t)kind,
                          .prefix = ip_from_u32(UINT32_C(0xc0000201)), /* 192.0.2.1 */
                          .bits = 32,
                          .send_id = 1,
                          .receive_id = 1,
                          .size = 1,
                          .octets = {'x'}};
    bool is_supported = tcp_key_set(descriptor, &key, NULL) == PCE_OK;
    (void)close(descriptor);
    return is_supported;
}

bool tcp_key_is_equal(const struct tcp_key *a, const struct tcp_key *b)
{
    return a->kind == b->kind && a->bits == b->bits && a->size == b->size &&
           a->send_id == b->send_id && a->receive_id == b->receive_id &&
           ip_is_equal(&a->prefix, &b->prefix) && memcmp(a->octets, b->octets, a->size) == 0;
}
