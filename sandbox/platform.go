package sandbox

import "runtime"

// compilerSupported reports whether wazero can compile for this machine. The sandbox asks first, because wazero panics if it cannot.
// On amd64 wazero needs SSE4.1, which every such processor has had since 2008.
//
// Android is not among them: wazero 1.12 does not name it among the systems that its compiler supports, nobody has reported a run there, and
// whether an app may map memory that can be executed depends on the device's policy. Its code for Linux would be built for android/arm64,
// too; to try it, on a device, add "android" here: New then asks wazero for the compiler, which does not look at the system again.
func compilerSupported() bool {
	switch runtime.GOOS {
	case "linux", "darwin", "freebsd", "netbsd", "windows":
		return runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64"
	}
	return false
}
