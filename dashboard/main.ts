// The page that stands in a frame of the dashboard has styles of its own.
if (location.pathname === '/dashboard/preview') {
  void import('./preview/main.ts').then(({ startPreview }) => startPreview())
} else {
  void import('./start.ts')
}
