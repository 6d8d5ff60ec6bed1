//go:build !linux

package localnet

import "os/exec"

func tie(*exec.Cmd) {}
