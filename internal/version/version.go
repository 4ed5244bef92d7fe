// Package version holds the version of the project. Files record it, and the changelog begins with it.
package version

// Version is the version of this source tree, by semantic versioning (https://semver.org), without a leading v.
const Version = "0.2.0"
