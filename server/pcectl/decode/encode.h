/* Encode: the command that makes octets of the JSON lines that decode shows.
 *
 * Thread: main. Owns: what it reads, until it returns. Bound: ENCODE_LINE_MAX octets of a line, one
 * line at a time. */
#ifndef PCED_SERVER_PCECTL_DECODE_ENCODE_H
#define PCED_SERVER_PCECTL_DECODE_ENCODE_H

#define ENCODE_LINE_MAX (16U << 20) /* octets of JSON for one message */

/* argv[0] is the command's name. Gives the exit code: 0 all messages are encoded, 1 some were
 * refused, 2 the command line or the input cannot be used. */
int encode_command(int argc, char **argv);

#endif
