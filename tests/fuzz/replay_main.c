/* Replay: runs a fuzzer's entry over files and folders of inputs, without libFuzzer.
 *
 *     replay_<name> FILE_OR_FOLDER…
 *
 * Every build has it, so that an input that once found a defect is tried in each test run. An input
 * that cannot be read, or no input at all, is a failure: a replay of nothing proves nothing. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

static unsigned replayed_count;
static unsigned failed_count;

static void replay_fail(const char *path, const char *what)
{
    fprintf(stderr, "%s: %s\n", path, what);
    failed_count++;
}

/* Each input gets a block of exactly its size, so that AddressSanitizer sees one octet too many. */
static void replay_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        replay_fail(path, "cannot open");
        return;
    }
    uint8_t *octets = malloc(size > 0 ? size : 1);
    if (octets == NULL || fread(octets, 1, size, file) != size) {
        replay_fail(path, "cannot read");
    } else {
        (void)LLVMFuzzerTestOneInput(octets, size);
        replayed_count++;
    }
    free(octets);
    (void)fclose(file);
}

static void replay_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) {
        replay_fail(path, "cannot open");
        return;
    }
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char inner[4096];
        if (entry->d_name[0] == '.')
            continue;
        int length = snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        struct stat info;
        if (length < 0 || (size_t)length >= sizeof inner || stat(inner, &info) != 0)
            replay_fail(path, "cannot look at an entry");
        else if (S_ISREG(info.st_mode))
            replay_file(inner, (size_t)info.st_size);
    }
    (void)closedir(folder);
}

static void replay_path(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        replay_fail(path, "no such input");
    else if (S_ISDIR(info.st_mode))
        replay_folder(path);
    else
        replay_file(path, (size_t)info.st_size);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        replay_path(argv[i]);
    printf("%u inputs replayed, %u failed\n", replayed_count, failed_count);
    return failed_count == 0 && replayed_count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
