/* The load of `rightcall bench recorder`: a sender of G.711 streams over RTP, and a plain receive loop to compare with.
 *
 *   rtp_load send    ADDRESS FIRST_PORT STREAMS SECONDS
 *   rtp_load receive ADDRESS FIRST_PORT STREAMS SECONDS
 *
 * Streams go to every second port from FIRST_PORT on, 50 packets a second each, spread evenly over each 20 ms.
 * Each prints one JSON object when it is done.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PAYLOAD = 160, HEADER = 12, PACKET = PAYLOAD + HEADER, SLOTS = 20, EVENTS = 512 };

static const int64_t SLOT_NS = 1000000;

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static double cpu_seconds(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static struct sockaddr_in address_of(const char *host, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1)
        fail("address");
    return address;
}

struct stream {
    struct sockaddr_in to;
    struct iovec part;
    uint8_t packet[PACKET];
    uint32_t timestamp;
    uint16_t sequence;
};

static void put16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, (uint16_t)(value >> 16));
    put16(at + 2, (uint16_t)value);
}

static void prepare(struct stream *stream, const char *host, int port, uint32_t ssrc)
{
    stream->to = address_of(host, port);
    stream->part.iov_base = stream->packet;
    stream->part.iov_len = PACKET;
    stream->packet[0] = 0x80;
    put32(stream->packet + 8, ssrc);
    for (int i = 0; i < PAYLOAD; i++)
        stream->packet[HEADER + i] = (uint8_t)(0x80 | ((i * 7 + ssrc * 13) & 0x7f));
}

static void advance(struct stream *stream)
{
    put16(stream->packet + 2, stream->sequence++);
    put32(stream->packet + 4, stream->timestamp);
    stream->timestamp += PAYLOAD;
}

static void send_all(int out, struct mmsghdr *batch, unsigned count)
{
    unsigned done = 0;
    while (done < count) {
        int sent = sendmmsg(out, batch + done, count - done, 0);
        if (sent < 0 && errno != EAGAIN && errno != ENOBUFS && errno != ECONNREFUSED)
            fail("sendmmsg");
        if (sent > 0)
            done += (unsigned)sent;
    }
}

static int send_load(const char *host, int first, int count, double seconds)
{
    struct stream *streams = calloc((size_t)count, sizeof *streams);
    struct mmsghdr *batch = calloc((size_t)count, sizeof *batch);
    int out = socket(AF_INET, SOCK_DGRAM, 0), size = 8 << 20;
    if (out < 0 || !streams || !batch)
        fail("start");
    setsockopt(out, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    for (int i = 0; i < count; i++)
        prepare(&streams[i], host, first + 2 * i, (uint32_t)(0x52430000 + i));
    int64_t start = now_ns(), worst = 0, slots = (int64_t)(seconds * 1e9 / (double)SLOT_NS);
    uint64_t packets = 0;
    for (int64_t slot = 0; slot < slots; slot++) {
        int64_t due = start + slot * SLOT_NS, late;
        struct timespec at = {.tv_sec = due / 1000000000, .tv_nsec = due % 1000000000};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
        if ((late = now_ns() - due) > worst)
            worst = late;
        unsigned n = 0;
        for (int i = (int)(slot % SLOTS); i < count; i += SLOTS, n++) {
            advance(&streams[i]);
            batch[n].msg_hdr = (struct msghdr){.msg_name = &streams[i].to, .msg_namelen = sizeof streams[i].to,
                                               .msg_iov = &streams[i].part, .msg_iovlen = 1};
        }
        send_all(out, batch, n);
        packets += n;
    }
    printf("{\"packets\": %llu, \"seconds\": %.3f, \"cpu_seconds\": %.3f, \"latest_ms\": %.3f}\n",
           (unsigned long long)packets, (double)(now_ns() - start) / 1e9, cpu_seconds(), (double)worst / 1e6);
    return 0;
}

static int listen_on(const char *host, int port)
{
    struct sockaddr_in address = address_of(host, port);
    int in = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), size = 1 << 18;
    if (in < 0)
        fail("socket");
    setsockopt(in, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (bind(in, (struct sockaddr *)&address, sizeof address) < 0)
        fail("bind");
    return in;
}

static int receive_load(const char *host, int first, int count, double seconds)
{
    int poll = epoll_create1(0);
    for (int i = 0; i < count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = listen_on(host, first + 2 * i)};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, event.data.fd, &event) < 0)
            fail("epoll_ctl");
    }
    printf("ready\n");
    fflush(stdout);
    struct epoll_event ready[EVENTS];
    uint8_t packet[2048];
    uint64_t packets = 0;
    double before = cpu_seconds();
    int64_t end = now_ns() + (int64_t)(seconds * 1e9);
    while (now_ns() < end) {
        int n = epoll_wait(poll, ready, EVENTS, 100);
        for (int i = 0; i < n; i++)
            while (recv(ready[i].data.fd, packet, sizeof packet, 0) > 0)
                packets++;
    }
    printf("{\"packets\": %llu, \"cpu_seconds\": %.3f}\n", (unsigned long long)packets, cpu_seconds() - before);
    return 0;
}

int main(int argc, char **argv)
{
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (argc == 6 && strcmp(argv[1], "send") == 0)
        return send_load(argv[2], atoi(argv[3]), atoi(argv[4]), atof(argv[5]));
    if (argc == 6 && strcmp(argv[1], "receive") == 0)
        return receive_load(argv[2], atoi(argv[3]), atoi(argv[4]), atof(argv[5]));
    fprintf(stderr, "rtp_load send|receive ADDRESS FIRST_PORT STREAMS SECONDS\n");
    return 2;
}
