$M validate /proc/self/mem
