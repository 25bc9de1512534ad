/* A library that an image offers to whoever would load one from it. Loaded, it says so in the root it finds itself in. */
#include <fcntl.h>
#include <unistd.h>

__attribute__((constructor)) static void loaded(void)
{
	int fd = open("/poisoned", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (fd >= 0 && write(fd, "loaded\n", 7) != 7)
		close(fd);
}
