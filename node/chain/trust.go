package chain

import "github.com/alita-network/alita/light"

// Trust says whom a process believes: see light.Trust.
type Trust = light.Trust

// ErrTrust means that a trust is missing or not understood.
var ErrTrust = light.ErrTrust

// ParseTrust reads HEIGHT:HASH, or the word node.
func ParseTrust(text string) (Trust, error) { return light.ParseTrust(text) }
