// Plays Jenkins for declarative pipelines, on Groovy itself: the blocks and steps that ci-templates/jenkins uses; another one is an error.
// Argument: a JSON file with a list of {jenkinsfile, library, workspace, environment}; the answer, a list of {result, error, steps, log},
// is written beside it as FILE.out.
import groovy.json.JsonOutput
import groovy.json.JsonSlurper

class Abort extends RuntimeException {
  Abort(String message) { super(message) }
}

class Build {
  File workspace
  Map env = [:]
  String result = 'SUCCESS'
  List steps = []
  StringBuilder log = new StringBuilder()

  /** sh as the Durable Task plugin has it: `sh -xe` unless the script names its interpreter. */
  Object sh(Map given) {
    File file = File.createTempFile('script', '.sh', workspace.parentFile)
    file.text = given.script
    file.executable = true
    List command = given.script.startsWith('#!') ? [file.path] : ['sh', '-xe', file.path]
    ProcessBuilder builder = new ProcessBuilder(command as String[]).directory(workspace)
    if (given.returnStdout) {
      builder.redirectError(ProcessBuilder.Redirect.DISCARD)
    } else {
      builder.redirectErrorStream(true)
    }
    builder.environment().clear()
    env.each { name, value -> builder.environment().put(name.toString(), value.toString()) }
    Process process = builder.start()
    process.outputStream.close()
    String output = process.inputStream.getText('UTF-8')
    int status = process.waitFor()
    log << output
    if (given.returnStatus) {
      return status
    }
    if (status != 0) {
      throw new Abort("script returned exit code ${status}")
    }
    return given.returnStdout ? output : null
  }

  Map bindings() {
    Map names = [env: env]
    Closure note = { String name, Object about -> steps << [(name): about] }
    names.sh = { Object given -> note('sh', given instanceof Map ? given.label ?: given.script : given); sh(given instanceof Map ? given : [script: given]) }
    names.withEnv = { List pairs, Closure body ->
      Map before = new LinkedHashMap(env)
      pairs.each { pair -> List parts = pair.toString().split('=', 2); env[parts[0]] = parts[1] }
      try { body() } finally { env.clear(); env.putAll(before) }
    }
    names.fileExists = { String path -> new File(workspace, path).exists() }
    names.readFile = { String path -> new File(workspace, path).getText('UTF-8') }
    names.junit = { Map given ->
      note('junit', given)
      if (!new File(workspace, given.testResults).exists()) { throw new Abort('No test report files were found. Configuration error?') }
      if (!given.skipMarkingBuildUnstable && new File(workspace, given.testResults).text.contains('<failure')) { result = 'UNSTABLE' }
    }
    names.archiveArtifacts = { Map given ->
      note('archiveArtifacts', given)
      if (!given.allowEmptyArchive && !new File(workspace, given.artifacts - '/**').list()) { throw new Abort('No artifacts found that match') }
    }
    names.unstable = { String message -> note('unstable', message); if (result == 'SUCCESS') { result = 'UNSTABLE' } }
    names.error = { String message -> note('error', message); throw new Abort(message) }
    names.script = { Closure body -> body() }
    return names
  }
}

/** The top of a declarative pipeline. Steps are looked up where they are written, everything else only here. */
class Declarative {
  Build build
  List stages = []
  Map post = [:]
  String any = 'any'

  static void within(Object delegate, Closure body) {
    body.delegate = delegate
    body.resolveStrategy = Closure.DELEGATE_ONLY
    body()
  }

  /** Steps know the steps of the file that they are written in, not the blocks around them. */
  static Closure steps(Closure body) {
    body.delegate = body.thisObject
    body.resolveStrategy = Closure.DELEGATE_ONLY
    return body
  }

  void agent(String label) { assert label == any }
  void options(Closure body) { within(new Options(), body) }
  void environment(Closure body) { within(new Environment(build.env), body) }
  void stages(Closure body) { within(new Stages(stages), body) }
  void post(Closure body) { within(new Post(post), body) }
}

class Options {
  void disableConcurrentBuilds() { }
  void timeout(Map given) { assert given.time > 0 && given.unit in ['SECONDS', 'MINUTES', 'HOURS', 'DAYS'] }
}

class Environment {
  private final Map env
  Environment(Map env) { this.env = env }
  void setProperty(String name, Object value) { env[name] = value }
  String credentials(String id) { "secret of ${id}" }
}

class Stages {
  private final List stages
  Stages(List stages) { this.stages = stages }
  void stage(String name, Closure body) {
    Stage stage = new Stage(name: name)
    Declarative.within(stage, body)
    assert stage.body : "stage ${name} has no steps"
    stages << stage
  }
}

class Stage {
  String name
  Closure body
  void steps(Closure body) { this.body = Declarative.steps(body) }
}

class Post {
  private final Map post
  Post(Map post) { this.post = post }
  void always(Closure body) { post.always = Declarative.steps(body) }
  void success(Closure body) { post.success = Declarative.steps(body) }
  void failure(Closure body) { post.failure = Declarative.steps(body) }
  void unstable(Closure body) { post.unstable = Declarative.steps(body) }
}

Map play(Map given) {
  Build build = new Build(workspace: new File(given.workspace))
  build.env.putAll(given.environment)
  GroovyClassLoader jenkins = new GroovyClassLoader(this.class.classLoader)
  jenkins.parseClass('@interface Library { String[] value() }')
  Map names = build.bindings()
  Declarative top = new Declarative(build: build)
  new File(given.library).eachFileMatch(~/.*\.groovy/) { file ->
    Script step = new GroovyShell(jenkins, new Binding(names)).parse(file)
    names[file.name - '.groovy'] = { Object[] passed -> step.invokeMethod('call', passed) }
  }
  names.pipeline = { Closure body -> Declarative.within(top, body) }
  new GroovyShell(jenkins, new Binding(names)).evaluate(new File(given.jenkinsfile).text, 'Jenkinsfile.groovy')
  String failed = null
  try {
    top.stages.each { stage -> build.steps << [stage: stage.name]; stage.body() }
  } catch (Abort abort) {
    failed = abort.message
    build.result = 'FAILURE'
  }
  ['always', build.result.toLowerCase()].each { name -> top.post[name]?.call() }
  return [result: build.result, error: failed, steps: build.steps, log: build.log.toString()]
}

File plays = new File(args[0])
new File("${args[0]}.out").text = JsonOutput.toJson(new JsonSlurper().parse(plays).collect { given -> play(given) })
