package localnet

import (
	"os/exec"
	"syscall"
)

// tie has a process end with the thread that starts it.
func tie(cmd *exec.Cmd) {
	if Tied {
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	}
}
