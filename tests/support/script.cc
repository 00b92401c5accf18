#include "tests/support/script.h"

#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gtest/gtest.h"

namespace lagnet::support {

Script::Script(const std::string& text) {
  folder_ = testing::TempDir() + "/lagnet_script_XXXXXX";
  const bool is_made = mkdtemp(folder_.data()) != nullptr;
  path_ = folder_ + "/script";
  std::ofstream file(path_);
  file << "#!/bin/sh\n" << text << '\n';
  file.close();
  if (!is_made || !file || chmod(path_.c_str(), 0700) != 0 ||
      mkfifo((path_ + ".gate").c_str(), 0600) != 0) {
    std::fprintf(stderr, "no script at %s\n", path_.c_str());
    std::abort();
  }
}

Script::~Script() { std::filesystem::remove_all(folder_); }

void Script::LetGo() const { std::ofstream(path_ + ".gate") << "go\n"; }

}  // namespace lagnet::support
