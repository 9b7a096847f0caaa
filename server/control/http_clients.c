#include "server/control/http_clients.h"

#include "core/base/check.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define PLACES          (HTTP_CLIENTS_MAX + HTTP_CLIENTS_SPARE)
#define SUBNET_BITS_V6  64
#define MESSAGE_SIZE    320
#define STATUS_TIMEOUT  "408 Request Timeout"
#define STATUS_NO_PLACE "503 Service Unavailable"

void http_clients_init(struct http_clients *clients, struct http_counters *counters)
{
    *clients = (struct http_clients){.counters = counters};
}

static bool is_live(const struct http_client *client)
{
    return client->phase != HTTP_CLIENT_NONE && client->phase != HTTP_CLIENT_ENDS;
}

/* A host with IPv6 has a /64 for itself as a rule. */
static bool is_same_host(const struct ip *one, const struct ip *other)
{
    if (one->family != other->family)
        return false;
    return one->family == IP_V6 ? ip_is_within(one, other, SUBNET_BITS_V6)
                                : one->family == IP_NONE || ip_is_equal(one, other);
}

static unsigned count_live(const struct http_clients *clients)
{
    unsigned count = 0;
    for (unsigned i = 0; i < PLACES; i++)
        count += is_live(&clients->places[i]);
    return count;
}

static unsigned http_clients_count_of(const struct http_clients *clients, const struct ip *address)
{
    unsigned count = 0;
    for (unsigned i = 0; i < PLACES; i++)
        count += is_live(&clients->places[i]) && is_same_host(&clients->places[i].address, address);
    return count;
}

/* Who has owed a request for the longest, among those of one address; NULL. */
static struct http_client *find_slowest(struct http_clients *clients, const struct ip *address)
{
    struct http_client *slowest = NULL;
    for (unsigned i = 0; i < PLACES; i++) {
        struct http_client *client = &clients->places[i];
        if (client->phase == HTTP_CLIENT_OWES && is_same_host(&client->address, address) &&
            (slowest == NULL || mono_is_before(client->since, slowest->since)))
            slowest = client;
    }
    return slowest;
}

/* The same among all, of the address that has most places. */
static struct http_client *find_victim(struct http_clients *clients)
{
    struct http_client *victim = NULL;
    unsigned most = 0;
    for (unsigned i = 0; i < PLACES; i++) {
        const struct http_client *client = &clients->places[i];
        if (client->phase != HTTP_CLIENT_OWES)
            continue;
        unsigned count = http_clients_count_of(clients, &client->address);
        struct http_client *slowest = find_slowest(clients, &client->address);
        CHECK(slowest != NULL); /* this client owes */
        bool is_slower = victim != NULL && count == most && slowest != NULL &&
                         mono_is_before(slowest->since, victim->since);
        if (count > most || is_slower) {
            most = count;
            victim = slowest;
        }
    }
    return victim;
}

/* What a person who types a request too slowly sees; whether it arrives does not matter. */
static void http_clients_say(const struct http_client *client, const char *status, const char *why)
{
    char body[MESSAGE_SIZE / 2];
    char text[MESSAGE_SIZE];
    int size =
        snprintf(body, sizeof body,
                 "{\"error\":{\"status\":%.3s,\"field\":null,\"message\":\"%s\"}}", status, why);
    CHECK(size > 0 && (size_t)size < sizeof body);
    size = snprintf(text, sizeof text,
                    "HTTP/1.1 %s\r\nContent-Type: application/json\r\nConnection: close\r\n"
                    "Content-Length: %d\r\n\r\n%s",
                    status, size, body);
    CHECK(size > 0 && (size_t)size < sizeof text);
    (void)!send(client->descriptor, text, (size_t)size, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void end(struct http_client *client)
{
    CHECK(is_live(client)); /* else its descriptor may be another connection's by now */
    (void)shutdown(client->descriptor, SHUT_RDWR);
    client->phase = HTTP_CLIENT_ENDS;
    client->deadline = MONO_NEVER;
}

static void give_way(struct http_clients *clients, struct http_client *client)
{
    clients->counters->http_gave_way++;
    /* Between two requests nobody awaits an answer. */
    if (!client->has_asked)
        http_clients_say(client, STATUS_NO_PLACE,
                         "there are too many connections, and this one asked nothing");
    end(client);
}

static bool has_free_place(const struct http_clients *clients)
{
    for (unsigned i = 0; i < PLACES; i++) {
        if (clients->places[i].phase == HTTP_CLIENT_NONE)
            return true;
    }
    return false;
}

static bool http_clients_clear_place(struct http_clients *clients, const struct ip *address)
{
    struct http_client *client;
    if (address->family != IP_NONE &&
        http_clients_count_of(clients, address) >= HTTP_CLIENTS_PER_ADDRESS) {
        client = find_slowest(clients, address);
        if (client == NULL)
            return false;
        give_way(clients, client);
    }
    if (count_live(clients) >= HTTP_CLIENTS_MAX) {
        client = find_victim(clients);
        if (client != NULL)
            give_way(clients, client);
    }
    return has_free_place(clients);
}

bool http_clients_make_room(struct http_clients *clients, const struct ip *address)
{
    bool has_room = http_clients_clear_place(clients, address);
    if (!has_room)
        clients->counters->http_refused++;
    return has_room;
}

struct http_client *http_clients_add(struct http_clients *clients, int descriptor,
                                     const struct ip *address, struct mono now)
{
    unsigned index = 0;
    while (index < PLACES && clients->places[index].phase != HTTP_CLIENT_NONE)
        index++;
    if (index == PLACES) {
        clients->counters->http_refused++;
        return NULL;
    }
    struct http_client *client = &clients->places[index];
    *client = (struct http_client){
        .phase = HTTP_CLIENT_OWES,
        .is_spare = count_live(clients) >= HTTP_CLIENTS_MAX,
        .descriptor = descriptor,
        .address = *address,
        .since = now,
        .deadline = mono_add_ms(now, HTTP_REQUEST_S * 1000),
    };
    return client;
}

void http_clients_remove(struct http_client *client)
{
    CHECK(client->phase != HTTP_CLIENT_NONE);
    *client = (struct http_client){.phase = HTTP_CLIENT_NONE};
}

static void http_clients_step(struct http_client *client, enum http_client_phase phase,
                              struct mono deadline)
{
    if (client->phase == HTTP_CLIENT_ENDS)
        return;
    client->phase = phase;
    client->deadline = deadline;
}

void http_client_asks(struct http_client *client)
{
    client->has_asked = true;
    http_clients_step(client, HTTP_CLIENT_ASKS, MONO_NEVER);
}

void http_client_takes(struct http_client *client, struct mono now)
{
    http_clients_step(client, HTTP_CLIENT_TAKES, mono_add_ms(now, HTTP_ANSWER_S * 1000));
}

void http_client_owes(struct http_client *client, struct mono now)
{
    client->since = now;
    http_clients_step(client, HTTP_CLIENT_OWES, mono_add_ms(now, HTTP_IDLE_S * 1000));
}

static void http_clients_expire(struct http_clients *clients, struct http_client *client)
{
    if (client->phase == HTTP_CLIENT_TAKES) {
        clients->counters->http_slow_answers++;
    } else if (!client->has_asked) {
        clients->counters->http_slow_requests++;
        http_clients_say(client, STATUS_TIMEOUT, "the request did not come whole in time");
    }
    end(client);
}

void http_clients_on_time(struct http_clients *clients, struct mono now)
{
    for (unsigned i = 0; i < PLACES; i++) {
        struct http_client *client = &clients->places[i];
        if (is_live(client) && !mono_is_before(now, client->deadline))
            http_clients_expire(clients, client);
    }
}
