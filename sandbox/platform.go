package sandbox

import "runtime"

// compilerSupported reports whether wazero can compile for this machine. The sandbox asks first, because wazero panics if it cannot.
// On amd64 wazero needs SSE4.1, which every such processor has had since 2008.
func compilerSupported() bool {
	switch runtime.GOOS {
	case "linux", "darwin", "freebsd", "netbsd", "windows":
		return runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64"
	}
	return false
}
