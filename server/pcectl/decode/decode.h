/* Decode: the command that shows PCEP messages, from hex text, binary or a capture.
 *
 * Thread: main. Owns: what it reads, until it returns. Bound: DECODE_INPUT_MAX octets of hex text
 * or binary; captures are streamed. */
#ifndef PCED_SERVER_PCECTL_DECODE_DECODE_H
#define PCED_SERVER_PCECTL_DECODE_DECODE_H

#define DECODE_INPUT_MAX (64U << 20) /* octets of a file or of stdin */

/* argv[0] is the command's name. Gives the exit code: 0 all messages are good, 1 faults were found,
 * 2 the command line or the input cannot be used. */
int decode_command(int argc, char **argv);

#endif
