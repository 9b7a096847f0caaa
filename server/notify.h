/* Notify: tells the service manager how we are, by the plain notify protocol: one datagram to the
 * socket that NOTIFY_SOCKET names. Nothing happens where there is none.
 *
 * Thread: the main thread. Owns: nothing. */
#ifndef PCED_SERVER_NOTIFY_H
#define PCED_SERVER_NOTIFY_H

/* state: "READY=1", "STOPPING=1", "RELOADING=1\nMONOTONIC_USEC=…", "STATUS=…" */
void notify_send(const char *state);
/* RELOADING=1 with the instant that the protocol asks for. */
void notify_reloading(void);

#endif
