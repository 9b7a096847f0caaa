/* Client: the far end of one simulated connection, a PCC.
 *
 * It takes apart what the server sends and checks each message: whole, well-formed, of a type that
 * a server sends, nothing after a Close. One that is `is_lively` answers each Keepalive with one of
 * its own, so that its session lasts.
 *
 * Thread: one caller. Owns: its socket. Bound: one partial message of MESSAGE_MAX octets. */
#ifndef PCED_TESTS_SIM_CLIENT_H
#define PCED_TESTS_SIM_CLIENT_H

#include "core/base/wire.h"
#include "tests/sim/kernel.h"

struct client {
    struct sim_socket *socket; /* NULL: none */
    bool is_lively;
    bool has_opened;  /* an Open of the server came */
    bool is_up;       /* … and a Keepalive after it */
    bool has_closed;  /* a Close of the server came */
    bool is_over;     /* FIN or reset */
    uint32_t answers; /* PCRep, PCErr and PCNtf that came */
    size_t partial_size;
    size_t partial_room;
    uint8_t *partial;
};

/* From the address to a listener; the client must have no socket. */
void client_open(struct client *client, int listener, const struct ip *from, uint16_t port);
/* Takes over a connection that the server opens. */
void client_take(struct client *client, struct sim_socket *socket);
/* Forgets the connection, which is reset when it is open. */
void client_drop(struct client *client);

void client_send(struct client *client, const void *octets, size_t size);
/* Open and Keepalive of the own seeds. */
void client_greet(struct client *client, uint16_t open_key);

#endif
