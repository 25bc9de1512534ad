#include <stddef.h>

#include "driver.h"

const struct driver *const drivers[] = {
	&driver_syslog, &driver_gelf, &driver_fluentd, &driver_journald,
#ifdef WITH_HTTP
	&driver_splunk,
#endif
	NULL,
};
