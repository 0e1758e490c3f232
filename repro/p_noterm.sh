# -p no:terminal: the `race` fixture raises an AssertionError of ours (Settings.of: config.get_terminal_writer()); expected: a plain pass or failure.
cd "$(dirname "$0")/p_fail" && pytest -o addopts= -p no:terminal -p no:cacheprovider --junitxml=/tmp/noterm.xml -k next_is_fine . ; echo "rc $?"; grep -o 'failed on setup with[^>]*' /tmp/noterm.xml | head -2
