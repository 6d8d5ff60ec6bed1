// Package version says which build a program is.
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// Version and Commit are set by the linker, with -X and the path of this package. If they are empty, what Go itself knows
// of the build takes their place.
var (
	Version string // a tag, or what `git describe` says
	Commit  string // of the source, in full
)

// Info describes a build.
type Info struct {
	Name     string   `json:"name"`
	Version  string   `json:"version"`
	Commit   string   `json:"commit"`
	Go       string   `json:"go"`
	Platform string   `json:"platform"` // operating system and processor, as in linux/amd64
	Tags     []string `json:"tags"`     // of the build
}

// Of describes the build that a program with this name comes from.
func Of(name string) Info {
	i := Info{
		Name: name, Version: Version, Commit: Commit, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Tags: []string{},
	}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return i
	}
	if i.Version == "" {
		i.Version = build.Main.Version
	}
	for _, s := range build.Settings {
		switch {
		case s.Key == "vcs.revision" && i.Commit == "":
			i.Commit = s.Value
		case s.Key == "-tags" && s.Value != "":
			i.Tags = strings.Split(s.Value, ",")
		}
	}
	return i
}

// Text is the description in lines for people. The first one is the name and the version.
func (i Info) Text() string {
	return fmt.Sprintf("%s %s\ncommit:   %s\ngo:       %s\nplatform: %s\ntags:     %s\n",
		i.Name, i.Version, i.Commit, i.Go, i.Platform, strings.Join(i.Tags, ","))
}
