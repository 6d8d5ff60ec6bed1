package version_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/internal/version"
)

// A program prints the values that the linker sets, and the tags of the build.
func TestLinkedVersion(t *testing.T) {
	const path = "github.com/alita-network/alita/internal/version"
	program := filepath.Join(t.TempDir(), "show")
	build := exec.Command("go", "build", "-tags", "one,two", "-o", program,
		"-ldflags", "-X "+path+".Version=v1.2.3 -X "+path+".Commit=0123abcd", "./testdata/show")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	out, err = exec.Command(program).Output()
	require.NoError(t, err)
	var got version.Info
	require.NoError(t, json.Unmarshal(out, &got))
	require.Equal(t, version.Info{
		Name: "show", Version: "v1.2.3", Commit: "0123abcd", Go: runtime.Version(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH, Tags: []string{"one", "two"},
	}, got)
}

func TestText(t *testing.T) {
	i := version.Info{Name: "alita-worker", Version: "v1.2.3", Commit: "0123abcd", Go: "go1.26.5", Platform: "linux/arm64", Tags: []string{"a", "b"}}
	require.Equal(t, "alita-worker v1.2.3\ncommit:   0123abcd\ngo:       go1.26.5\nplatform: linux/arm64\ntags:     a,b\n", i.Text())
}
