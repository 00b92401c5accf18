#include "tests/bench/connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace lagnet::bench {
namespace {

constexpr size_t kFrameHeader = 5;  // gRPC's, before each message.

nghttp2_nv Header(absl::string_view name, absl::string_view value) {
  // nghttp2 does not write to what it is told not to copy.
  return {reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
          reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())),
          name.size(), value.size(),
          NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE};
}

}  // namespace

struct Connection::Call {
  std::string request;
  size_t sent = 0;
  double begun = 0;
  std::string answer;
  int status = kNoStatus;
};

Connection::Connection(int port, const std::string& key, Calls* calls,
                       Figures* figures)
    : port_(port),
      authorization_(key.empty() ? "" : absl::StrCat("Bearer ", key)),
      calls_(calls),
      figures_(figures) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, OnHeader);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, OnData);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, OnClose);
  nghttp2_session_client_new(&session_, callbacks, this);
  nghttp2_session_callbacks_del(callbacks);
}

Connection::~Connection() {
  nghttp2_session_del(session_);
  if (fd_ >= 0) close(fd_);
}

bool Connection::Connect() {
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) !=
      0) {
    return false;
  }
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  fcntl(fd_, F_SETFL, O_NONBLOCK);
  constexpr uint32_t kStreamWindow = 1 << 20;
  constexpr int32_t kWindow = 1 << 28;
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow}};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, 1);
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0,
                                        kWindow);
  return true;
}

void Connection::Begin(int calls) {
  for (int i = 0; i < calls; ++i) BeginOne();
}

void Connection::BeginOne() {
  auto* const call = new Call{.request = calls_->Next(), .begun = Now()};
  std::vector<nghttp2_nv> headers = {Header(":method", "POST"),
                                     Header(":scheme", "http"),
                                     Header(":path", calls_->path()),
                                     Header(":authority", "localhost"),
                                     Header("te", "trailers"),
                                     Header("content-type", "application/grpc"),
                                     Header("user-agent", "lagnet-bench")};
  if (!calls_->streams()) headers.push_back(Header("grpc-timeout", "20S"));
  if (!authorization_.empty()) {
    headers.push_back(Header("authorization", authorization_));
  }
  nghttp2_data_provider body;
  body.source.ptr = call;
  body.read_callback = ReadBody;
  ++under_way_;
  // Fails only when the connection is going; OnClose() then frees nothing.
  if (nghttp2_submit_request(session_, nullptr, headers.data(), headers.size(),
                             &body, call) < 0) {
    End(call);
  }
}

// Takes the messages of a stream that have come whole.
void Connection::TakeWhole(Call& call) {
  while (call.answer.size() >= kFrameHeader) {
    uint32_t size = 0;
    std::memcpy(&size, &call.answer[1], sizeof(size));
    size = ntohl(size);
    if (call.answer.size() < kFrameHeader + size) return;
    if (!calls_->Take(
            absl::string_view(call.answer).substr(kFrameHeader, size))) {
      ++figures_->wrong;
    }
    call.answer.erase(0, kFrameHeader + size);
  }
}

void Connection::End(Call* call) {
  --under_way_;
  if (calls_->streams()) {
    ++figures_->errors[call->status];
    delete call;
    return;
  }
  bool good = call->status == 0 && call->answer.size() >= kFrameHeader;
  if (good) {
    const absl::string_view message =
        absl::string_view(call->answer).substr(kFrameHeader);
    good = calls_->Take(message);
    if (measuring_ && good) {
      ++figures_->calls;
      figures_->bytes += static_cast<int64_t>(message.size());
      figures_->latencies.Add(Now() - call->begun);
    }
  }
  // Trouble counts at any time.
  if (!good && call->status == 0) ++figures_->wrong;
  if (call->status != 0) ++figures_->errors[call->status];
  delete call;
}

bool Connection::Send() {
  constexpr size_t kEnough = 64 << 10;
  while (unsent_.size() < kEnough) {
    const uint8_t* data = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &data);
    if (size < 0) return false;
    if (size == 0) break;
    unsent_.append(reinterpret_cast<const char*>(data),
                   static_cast<size_t>(size));
  }
  if (unsent_.empty()) return true;
  const ssize_t sent = send(fd_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN || errno == EINTR;
  unsent_.erase(0, static_cast<size_t>(sent));
  return true;
}

bool Connection::Receive() {
  static uint8_t buffer[64 << 10];
  const ssize_t size = recv(fd_, buffer, sizeof(buffer), 0);
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  return size > 0 && nghttp2_session_mem_recv(session_, buffer,
                                              static_cast<size_t>(size)) >= 0;
}

ssize_t Connection::ReadBody(nghttp2_session*, int32_t, uint8_t* buffer,
                             size_t size, uint32_t* flags,
                             nghttp2_data_source* source, void*) {
  Call& call = *static_cast<Call*>(source->ptr);
  const size_t part = std::min(size, call.request.size() - call.sent);
  std::memcpy(buffer, call.request.data() + call.sent, part);
  call.sent += part;
  if (call.sent == call.request.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(part);
}

int Connection::OnHeader(nghttp2_session* session, const nghttp2_frame* frame,
                         const uint8_t* name, size_t name_size,
                         const uint8_t* value, size_t value_size, uint8_t,
                         void*) {
  auto* const call = static_cast<Call*>(
      nghttp2_session_get_stream_user_data(session, frame->hd.stream_id));
  const absl::string_view key(reinterpret_cast<const char*>(name), name_size);
  if (call == nullptr || key != "grpc-status") return 0;
  (void)absl::SimpleAtoi(
      absl::string_view(reinterpret_cast<const char*>(value), value_size),
      &call->status);
  return 0;
}

int Connection::OnData(nghttp2_session* session, uint8_t, int32_t stream,
                       const uint8_t* data, size_t size, void* connection) {
  auto* const call =
      static_cast<Call*>(nghttp2_session_get_stream_user_data(session, stream));
  if (call == nullptr) return 0;
  call->answer.append(reinterpret_cast<const char*>(data), size);
  auto* const self = static_cast<Connection*>(connection);
  if (self->calls_->streams()) self->TakeWhole(*call);
  return 0;
}

int Connection::OnClose(nghttp2_session* session, int32_t stream, uint32_t,
                        void* connection) {
  auto* const call =
      static_cast<Call*>(nghttp2_session_get_stream_user_data(session, stream));
  if (call == nullptr) return 0;
  auto* const self = static_cast<Connection*>(connection);
  self->End(call);
  if (!self->stopping_ && !self->calls_->streams()) self->BeginOne();
  return 0;
}

bool Pump(const std::vector<std::unique_ptr<Connection>>& connections,
          double end, absl::FunctionRef<bool()> enough) {
  std::vector<pollfd> waits(connections.size());
  while (!enough() && Now() < end) {
    for (size_t i = 0; i < waits.size(); ++i) {
      Connection& connection = *connections[i];
      if (!connection.Send()) return false;
      waits[i] = {connection.fd(), POLLIN, 0};
      if (connection.wants_to_send()) waits[i].events |= POLLOUT;
    }
    poll(waits.data(), waits.size(), 10);
    for (size_t i = 0; i < waits.size(); ++i) {
      if ((waits[i].revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
      if (!connections[i]->Receive()) return false;
    }
  }
  return true;
}

}  // namespace lagnet::bench
